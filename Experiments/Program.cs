using System.CommandLine;
using Ablation.Experiments.Commands;
using Ablation.Experiments.Processes;
using Ablation.Experiments.Suites;
using Ablation.Harness.Foundations;
using Ablation.Harness.Native;

try
{
    Utf8Console.Open();
    TorchNative.Prepare(problem => ProcessEnd.Now(2, () => Console.Error.WriteLine($"error: {problem}")));
    StopRequests.Listen();
    if (WatchedReport.IsWanted(args)) return WatchedReport.Run(args);
    Plugins.Load();
    // signals are handled by StopRequests, which keeps finished work
    var parsed = AblationCommand.Build().Parse(args);
    var code = await parsed.InvokeAsync(new InvocationConfiguration
    {
        EnableDefaultExceptionHandler = false,
        ProcessTerminationTimeout = null
    }, StopRequests.First);
    return parsed.Errors.Count > 0 ? 2 : code; // 1 is a failed trial
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine(StopRequests.Message);
    return StopRequests.ExitCode;
}
catch (Exception e) when (e is SuiteException or DataProblem or ArgumentException or IOException or InvalidDataException
    or UnauthorizedAccessException)
{
    Console.Error.WriteLine($"error: {e.Message}");
    return 2;
}
catch (Exception e) when (NativeLoadProblem.Explain(e) is not null)
{
    Console.Error.WriteLine($"error: {NativeLoadProblem.Explain(e)}");
    return 2;
}

using System.CommandLine;
using Ablation.Experiments.Commands;
using Ablation.Experiments.Processes;
using Ablation.Experiments.Suites;
using Ablation.Harness.Foundations;
using Ablation.Harness.Native;

const int Usage = 2; // 1 is a failed trial
try
{
    Utf8Console.Open();
    TorchNative.Prepare(problem => ProcessEnd.Now(Usage, () => ErrorText.Print(problem)));
    StopRequests.Listen();
    if (WatchedReport.IsWanted(args)) return WatchedReport.Run(args);
    Plugins.Load();
    var parsed = AblationCommand.Build().Parse(args is [] ? ["--help"] : args);
    if (parsed.Errors.Count > 0)
    {
        ErrorText.Print(UsageProblems.Of(parsed));
        return Usage;
    }

    // signals are handled by StopRequests, which keeps finished work
    var code = await parsed.InvokeAsync(new InvocationConfiguration
    {
        EnableDefaultExceptionHandler = false,
        ProcessTerminationTimeout = null
    }, StopRequests.First);
    return args is [] ? Usage : code;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine(StopRequests.Message);
    return StopRequests.ExitCode;
}
catch (Exception e) when (e is SuiteException or DataProblem or ArgumentException or IOException or InvalidDataException
    or UnauthorizedAccessException)
{
    ErrorText.Print(e.Message);
    return Usage;
}
catch (Exception e) when (NativeLoadProblem.Explain(e) is not null)
{
    ErrorText.Print(NativeLoadProblem.Explain(e)!);
    return Usage;
}

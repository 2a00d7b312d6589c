using System.ComponentModel;
using System.Diagnostics;
using Ablation.Experiments.Processes;
using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Scheduling.Pool;
using Ablation.Harness.Native;

namespace Ablation.Experiments.Commands;

/// <summary>
/// Runs <c>ablation report</c> in a child process that shares the console. If it dies in native code, it leaves a dump and this process
/// reports that. Only a process that was started with the runtime's variables leaves a dump.
/// </summary>
internal static class WatchedReport
{
    private const string Inside = "ABLATION_REPORT_PROCESS";
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    /// <summary>Whether this is a report and not yet the child process.</summary>
    public static bool IsWanted(string[] arguments) =>
        arguments is ["report", ..] && Environment.GetEnvironmentVariable(Inside) is null && !CrashDump.IsUsersOwn;

    /// <returns>The report's exit code.</returns>
    public static int Run(string[] arguments)
    {
        var folder = Results(arguments);
        var (program, earlier) = (TrialCommandLine.Program(), CrashDump.In(folder));
        var start = new ProcessStartInfo(program[0], [.. program.Skip(1), .. arguments]); // shares stdin, stdout and stderr
        start.Environment[Inside] = "1";
        CrashDump.Ask(start, folder);
        using var section = StopRequests.Section(); // the child handles a stop request itself
        using var process = Start(start);
        using var stop = StopRequests.First.Register(() => Stop(process));
        process.WaitForExit();
        if (!CrashDump.IsDeath(process.ExitCode)) return process.ExitCode;
        var how = AttemptEnd.Classify(process.ExitCode, null, null, null, false).Message;
        Console.Error.WriteLine(
            $"error: report died ({how}); {CrashDump.Describe(folder, earlier)}. Run it again; no result is lost. "
            + "If it dies again, report the file as a bug");
        return process.ExitCode;
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new IOException($"{start.FileName}: the report's process could not be started ({e.Message})", e);
        }
    }

    /// <summary>Stops the child: Ctrl-C in a terminal reaches it as well, SIGTERM does not.</summary>
    private static void Stop(Process process)
    {
        try
        {
            ProcessTree.Terminate(process);
            if (!process.WaitForExit(Grace)) process.Kill();
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            // it has already ended
        }
    }

    /// <summary>Returns the folder of --results without parsing the rest: the child reports errors in the arguments.</summary>
    private static string Results(string[] arguments)
    {
        var named = CommandOptions.Results();
        var at = Array.FindIndex(arguments, argument => argument.StartsWith(named.Name, StringComparison.Ordinal));
        if (at < 0) return "results";
        return arguments[at].Length > named.Name.Length ? arguments[at][(named.Name.Length + 1)..] // --results=FOLDER
            : at + 1 < arguments.Length ? arguments[at + 1] : "results";
    }
}

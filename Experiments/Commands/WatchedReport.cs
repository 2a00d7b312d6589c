using System.ComponentModel;
using System.Diagnostics;
using Ablation.Experiments.Processes;
using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Scheduling.Pool;
using Ablation.Harness.Native;

namespace Ablation.Experiments.Commands;

/// <summary>
/// <c>ablation report</c> in a process of its own that shares the console, so that one that dies in native code leaves a dump and this
/// one can say so. Only a process that was started with the runtime's variables leaves one.
/// </summary>
internal static class WatchedReport
{
    private const string Inside = "ABLATION_REPORT_PROCESS";
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    /// <summary>Whether this is a report, and not yet the process of its own.</summary>
    public static bool IsWanted(string[] arguments) =>
        arguments is ["report", ..] && Environment.GetEnvironmentVariable(Inside) is null && !CrashDump.IsUsersOwn;

    /// <returns>The report's exit code.</returns>
    public static int Run(string[] arguments)
    {
        var folder = Results(arguments);
        var (program, earlier) = (TrialCommandLine.Program(), CrashDump.In(folder));
        var start = new ProcessStartInfo(program[0], [.. program.Skip(1), .. arguments]); // stdin, stdout and stderr are this process's
        start.Environment[Inside] = "1";
        CrashDump.Ask(start, folder);
        using var section = StopRequests.Section(); // it ends by itself when it is asked to stop
        using var process = Start(start);
        using var stop = StopRequests.First.Register(() => Stop(process));
        process.WaitForExit();
        if (!CrashDump.IsDeath(process.ExitCode)) return process.ExitCode;
        var how = AttemptEnd.Classify(process.ExitCode, null, null, null, false).Message;
        Console.Error.WriteLine(
            $"error: report died ({how}); {CrashDump.Describe(folder, earlier)}. Run it again, no result is lost by it; "
            + "if it dies again, report the file as a bug");
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

    /// <summary>A terminal's Ctrl-C has reached the process as well; a SIGTERM has not.</summary>
    private static void Stop(Process process)
    {
        try
        {
            ProcessTree.Terminate(process);
            if (!process.WaitForExit(Grace)) process.Kill();
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            // it has ended meanwhile
        }
    }

    /// <summary>The folder of --results, without reading the rest: the process itself says what is wrong with it.</summary>
    private static string Results(string[] arguments)
    {
        var named = CommandOptions.Results();
        var at = Array.FindIndex(arguments, argument => argument.StartsWith(named.Name, StringComparison.Ordinal));
        if (at < 0) return "results";
        return arguments[at].Length > named.Name.Length ? arguments[at][(named.Name.Length + 1)..] // --results=FOLDER
            : at + 1 < arguments.Length ? arguments[at + 1] : "results";
    }
}

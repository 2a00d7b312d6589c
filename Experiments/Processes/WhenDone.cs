using System.ComponentModel;
using Ablation.Harness.Native;

namespace Ablation.Experiments.Processes;

/// <summary>How a run ended, for the command of --when-done.</summary>
internal sealed class RunNews
{
    /// <summary>Name of the suite; empty if the run ended before it was read.</summary>
    public string Suite { get; set; } = "";

    /// <summary>Path of the report; empty if none was written.</summary>
    public string Report { get; set; } = "";

    /// <summary>Trials that failed.</summary>
    public int Failed { get; set; }

    /// <summary>Whether trials were left because the run was stopped or its time was over.</summary>
    public bool IsInterrupted { get; set; }
}

/// <summary>
/// Runs a command of the user's shell when a run ends, however it ends: to send a message, to copy the results. What becomes of it is said,
/// and does not change how the run ended.
/// </summary>
internal static class WhenDone
{
    /// <summary>Runs <paramref name="work"/>, then the command with ABLATION_SUITE, ABLATION_RESULT (done, failed, interrupted),
    /// ABLATION_REPORT and ABLATION_FAILED in its environment.</summary>
    /// <param name="command">Null for none.</param>
    /// <param name="say">Prints a line.</param>
    public static int After(string? command, RunNews news, Func<int> work, Action<string> say)
    {
        if (string.IsNullOrWhiteSpace(command)) return work();
        var result = "failed";
        try
        {
            var code = work();
            result = news.IsInterrupted ? "interrupted" : code == 0 ? "done" : "failed";
            return code;
        }
        catch (OperationCanceledException)
        {
            result = "interrupted";
            throw;
        }
        finally
        {
            Start(command, news, result, say);
        }
    }

    private static void Start(string command, RunNews news, string result, Action<string> say)
    {
        var start = OperatingSystem.IsWindows() ? ChildProcess.Describe("cmd.exe", []) : ChildProcess.Describe("/bin/sh", ["-c", command]);
        if (OperatingSystem.IsWindows()) start.Arguments = $"/d /s /c \"{command}\""; // cmd has quotes of its own
        start.Environment["ABLATION_SUITE"] = news.Suite;
        start.Environment["ABLATION_RESULT"] = result;
        start.Environment["ABLATION_REPORT"] = news.Report;
        start.Environment["ABLATION_FAILED"] = news.Failed.ToString();
        using var section = StopRequests.LastSection();
        try
        {
            using var process = ChildProcess.StartWithoutInput(start);
            process.OutputDataReceived += (_, line) => Print(line.Data);
            process.ErrorDataReceived += (_, line) => Print(line.Data);
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            process.WaitForExit();
            if (process.ExitCode != 0) say($"--when-done: {command}: ended with exit code {process.ExitCode}; the run itself is {result}");
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException or IOException)
        {
            say($"--when-done: {command}: could not be started ({e.Message}); the run itself is {result}");
        }

        void Print(string? line)
        {
            if (line is { Length: > 0 }) say(line);
        }
    }
}

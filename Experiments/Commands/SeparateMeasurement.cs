using System.Diagnostics;
using Ablation.Experiments.Processes;
using Ablation.Experiments.Scheduling;

namespace Ablation.Experiments.Commands;

/// <summary>
/// Speeds of a suite's trials, measured by <c>ablation plan</c> in a process of its own and kept for this one: a runner that had measured
/// on a GPU would hold its memory for the whole run.
/// </summary>
internal static class SeparateMeasurement
{
    /// <param name="arguments">Of plan, behind the suite.</param>
    /// <exception cref="OperationCanceledException">On <paramref name="cancel"/>; the process is ended.</exception>
    /// <param name="folder">Of the suite's results, for the dump of one that dies.</param>
    /// <param name="print">Called where it died.</param>
    public static void Measure(string suite, IReadOnlyList<string> arguments, string folder, Action<string> print, CancellationToken cancel)
    {
        var program = TrialCommandLine.Program();
        var start = new ProcessStartInfo(program[0], [.. program.Skip(1), "plan", suite, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true
        };
        var earlier = CrashDump.In(folder);
        CrashDump.Ask(start, folder);
        using var process = Process.Start(start)!;
        using var ended = cancel.Register(() => process.Kill(entireProcessTree: true));
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.WaitForExit(); // where it fails, the runner measures what it needs
        cancel.ThrowIfCancellationRequested();
        if (CrashDump.IsDeath(process.ExitCode)) print($"the process that measures died; {CrashDump.Describe(folder, earlier)}");
    }
}

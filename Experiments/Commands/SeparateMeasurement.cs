using Ablation.Experiments.Processes;
using Ablation.Experiments.Scheduling;
using Ablation.Harness.Native;

namespace Ablation.Experiments.Commands;

/// <summary>
/// Measures the speeds of a suite's trials by running <c>ablation plan</c> in a separate process, which caches them for this one. A runner
/// that measures on a GPU itself would hold its memory for the whole run.
/// </summary>
internal static class SeparateMeasurement
{
    /// <param name="arguments">Arguments of plan after the suite.</param>
    /// <exception cref="OperationCanceledException">On <paramref name="cancel"/>; the process is ended.</exception>
    /// <param name="folder">Results folder of the suite, for a crash dump.</param>
    /// <param name="print">Called if the process dies.</param>
    public static void Measure(string suite, IReadOnlyList<string> arguments, string folder, Action<string> print, CancellationToken cancel)
    {
        var program = TrialCommandLine.Program();
        var start = ChildProcess.Describe(program[0], [.. program.Skip(1), "plan", suite, .. arguments]);
        var earlier = CrashDump.In(folder);
        CrashDump.Ask(start, folder);
        using var process = ChildProcess.StartWithoutInput(start);
        using var ended = cancel.Register(() => process.Kill(entireProcessTree: true));
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.WaitForExit(); // if it fails, the runner measures what it needs
        cancel.ThrowIfCancellationRequested();
        if (CrashDump.IsDeath(process.ExitCode)) print($"the measuring process died; {CrashDump.Describe(folder, earlier)}");
    }
}

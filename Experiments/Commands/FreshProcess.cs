using System.Text.Json;
using Ablation.Benchmarks;
using Ablation.Experiments.Processes;
using Ablation.Experiments.Scheduling;
using Ablation.Harness.Native;

namespace Ablation.Experiments.Commands;

/// <summary>
/// Runs one case of <c>bench train</c> in a new process: the peak memory of this one includes its earlier work.
/// </summary>
internal static class FreshProcess
{
    /// <summary>Returns the peak memory in bytes of a process that trains the case; null if it fails or is not on Linux.</summary>
    /// <exception cref="OperationCanceledException">On <paramref name="cancel"/>; the process is ended.</exception>
    public static long? Peak(TrainCase one, string pack, CancellationToken cancel)
    {
        if (!OperatingSystem.IsLinux()) return null;
        var program = TrialCommandLine.Program();
        var start = ChildProcess.Describe(program[0],
            [.. program.Skip(1), "bench", "train", "--data-pack", Path.GetFullPath(pack), "--one", JsonSerializer.Serialize(one)]);
        var (folder, earlier) = (Path.GetTempPath(), CrashDump.In(Path.GetTempPath()));
        CrashDump.Ask(start, folder);
        using var process = ChildProcess.StartWithoutInput(start);
        using var ended = cancel.Register(() => process.Kill());
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        cancel.ThrowIfCancellationRequested();
        if (CrashDump.IsDeath(process.ExitCode))
            Console.Error.WriteLine($"{one}: peak memory unknown, the process died; {CrashDump.Describe(folder, earlier)}");
        return process.ExitCode == 0 ? JsonSerializer.Deserialize<long?>(text) : null;
    }
}

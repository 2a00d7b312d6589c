using System.Diagnostics;
using System.Text.Json;
using Ablation.Benchmarks;
using Ablation.Experiments.Processes;
using Ablation.Experiments.Scheduling;

namespace Ablation.Experiments.Commands;

/// <summary>
/// This program once more, for one case of <c>bench train</c>: a process that did something else before has a peak of its own.
/// </summary>
internal static class FreshProcess
{
    /// <summary>Most memory of a process that trains the case, in bytes; null but on Linux, and where it fails.</summary>
    /// <exception cref="OperationCanceledException">On <paramref name="cancel"/>; the process is ended.</exception>
    public static long? Peak(TrainCase one, string pack, CancellationToken cancel)
    {
        if (!OperatingSystem.IsLinux()) return null;
        var program = TrialCommandLine.Program();
        var start = new ProcessStartInfo(program[0],
            [.. program.Skip(1), "bench", "train", "--data-pack", Path.GetFullPath(pack), "--one", JsonSerializer.Serialize(one)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var (folder, earlier) = (Path.GetTempPath(), CrashDump.In(Path.GetTempPath()));
        CrashDump.Ask(start, folder);
        using var process = Process.Start(start)!;
        using var ended = cancel.Register(() => process.Kill());
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        cancel.ThrowIfCancellationRequested();
        if (CrashDump.IsDeath(process.ExitCode))
            Console.Error.WriteLine($"{one}: its peak memory is not known, the process died; {CrashDump.Describe(folder, earlier)}");
        return process.ExitCode == 0 ? JsonSerializer.Deserialize<long?>(text) : null;
    }
}

using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Harness.Native;
using Ablation.Harness.Provenance;
using Ablation.Harness.Training;

namespace Ablation.Benchmarks;

/// <summary>The results of the training benchmarks over a grid.</summary>
/// <param name="Timings">Cases that finished.</param>
/// <param name="Failed">Cases that did not, and why.</param>
/// <param name="Peer">The peer's torch version; null where it never ran.</param>
/// <param name="PeerProblems">Why the peer did not run, or stopped, in a case; empty where it was not requested.</param>
public sealed record TrainRun(IReadOnlyList<TrainTiming> Timings, IReadOnlyList<(TrainCase Case, string Reason)> Failed, string? Peer,
    IReadOnlyList<string> PeerProblems)
{
    /// <summary>Measures every case, one after the other.</summary>
    /// <param name="pack">The .rec file of the training faces, or its folder.</param>
    /// <param name="peakOf">Trains a case in a fresh process and returns its peak memory in bytes; null where that is not known.</param>
    /// <param name="began">Called when a case begins.</param>
    /// <exception cref="DataProblem">The pack cannot be opened.</exception>
    /// <exception cref="OperationCanceledException">On <paramref name="cancel"/>; nothing is kept.</exception>
    public static TrainRun Measure(TrainGrid grid, string pack, Func<TrainCase, long?> peakOf, Action<TrainCase> began,
        CancellationToken cancel)
    {
        TorchNative.Prepare();
        using var source = new RecordIoOptions { Path = Path.GetFullPath(pack) }.Open(new DataRoot("."));
        var (timings, failed, problems) = (new List<TrainTiming>(), new List<(TrainCase, string)>(), new List<string>());
        string? torch = null;
        foreach (var one in grid.Cases())
        {
            began(one);
            try
            {
                using var duel = new TrainDuel(one, grid, pack, source);
                var timing = duel.Run(cancel);
                torch ??= duel.Torch;
                if (duel.PeerProblem is { } problem) problems.Add($"{one}: {problem}");
                timings.Add(timing with { PeakBytes = peakOf(one) });
            }
            catch (Exception e) when (e is System.Runtime.InteropServices.ExternalException or ArgumentException
                or InvalidOperationException or DivergedException)
            {
                failed.Add((one, e.Message.Split('\n')[0])); // out of memory, most likely
            }
        }

        return new TrainRun(timings, failed, torch, problems);
    }

    /// <summary>
    /// Trains a case for a few steps, as the whole loop does, in a process that does nothing else. Returns the peak of its memory in bytes;
    /// null where the system does not report it.
    /// </summary>
    /// <exception cref="DataProblem">The pack cannot be read.</exception>
    public static long? Peak(TrainCase one, string pack, int steps, CancellationToken cancel)
    {
        TorchNative.Prepare();
        TorchSharp.torch.set_num_threads(one.Threads);
        using var source = new RecordIoOptions { Path = Path.GetFullPath(pack) }.Open(new DataRoot("."));
        using var subject = new TrainSubject(one, source.Identities);
        new WholeLoop(subject, source).Run(steps, cancel);
        return PeakResident.Measure();
    }
}

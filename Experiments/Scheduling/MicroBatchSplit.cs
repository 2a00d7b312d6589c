using Ablation.Experiments.Store;
using Ablation.Harness;

namespace Ablation.Experiments.Scheduling;

/// <summary>Splits a micro-batch into pieces, twice as many after each attempt that ran out of memory.</summary>
public static class MicroBatchSplit
{
    /// <summary>Batch statistics need two pictures.</summary>
    private const int SmallestPiece = 2;

    private const int MostPieces = 16;

    /// <summary>Returns the number of pieces for the next attempt at a trial, as far as its micro-batch can be split.</summary>
    public static int Next(TrialFiles files, TrialSpec spec)
    {
        var split = 1;
        foreach (var _ in files.ReadAttempts().Where(attempt => attempt is { Event: AttemptEvent.End, Reason: EndReason.OutOfMemory }))
            if (CanHalve(split, MicroBatch(spec))) split *= 2;
        return split;
    }

    /// <summary>Whether a micro-batch in <paramref name="split"/> pieces can be split into twice as many.</summary>
    public static bool CanHalve(int split, int microBatch) => 2 * split <= MostPieces && microBatch >= 2 * split * SmallestPiece;

    /// <summary>Returns the number of pictures in a micro-batch before it is split.</summary>
    public static int MicroBatch(TrialSpec spec) => Math.Max(1, spec.Training.Batch / spec.Training.Accumulate);
}

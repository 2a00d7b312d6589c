using Ablation.Harness.Foundations;

namespace Ablation.Harness.Batches;

/// <summary>In which order an epoch visits the images: a permutation for (seed, epoch), cut into batches.</summary>
/// <param name="Count">Images, at least 1.</param>
/// <param name="BatchSize">Images a step.</param>
/// <param name="DropLast">Leaves the last, smaller batch of an epoch out.</param>
/// <param name="Seed">The trial's seed.</param>
public sealed record EpochOrder(int Count, int BatchSize, bool DropLast, long Seed)
{
    /// <summary>Batches of an epoch; 0 where the one batch there is would be dropped.</summary>
    public int StepsPerEpoch => DropLast ? Count / BatchSize : (int)(((long)Count + BatchSize - 1) / BatchSize);

    /// <summary>Images in batch <paramref name="step"/> of any epoch.</summary>
    public int SizeOf(int step) => (int)Math.Min(BatchSize, Count - (long)step * BatchSize);

    /// <summary>All of 0 .. Count-1, shuffled.</summary>
    public int[] Permutation(int epoch)
    {
        var order = new int[Count];
        for (var i = 0; i < order.Length; i++) order[i] = i;
        new RandomStream(Seed, StreamPurpose.EpochOrder, epoch).Shuffle(order);
        return order;
    }
}

using Ablation.Harness.Foundations;

namespace Ablation.Harness.Batches;

/// <summary>The order in which an epoch visits the images: a permutation per (seed, epoch), cut into batches.</summary>
/// <param name="Count">Images, at least 1.</param>
/// <param name="BatchSize">Images per step.</param>
/// <param name="DropLast">Leaves the last, smaller batch of an epoch out.</param>
/// <param name="Seed">The trial's seed.</param>
public sealed record EpochOrder(int Count, int BatchSize, bool DropLast, long Seed)
{
    /// <summary>Batches per epoch; 0 if the only batch would be dropped.</summary>
    public int StepsPerEpoch => DropLast ? Count / BatchSize : (int)(((long)Count + BatchSize - 1) / BatchSize);

    /// <summary>Returns the number of images in batch <paramref name="step"/> of any epoch.</summary>
    public int SizeOf(int step) => (int)Math.Min(BatchSize, Count - (long)step * BatchSize);

    /// <summary>Returns 0 .. Count-1, shuffled.</summary>
    public int[] Permutation(int epoch)
    {
        var order = new int[Count];
        for (var i = 0; i < order.Length; i++) order[i] = i;
        new RandomStream(Seed, StreamPurpose.EpochOrder, epoch).Shuffle(order);
        return order;
    }
}

using Ablation.Harness.Batches;
using Ablation.Harness.Foundations;

namespace Ablation.Harness.Protocols;

/// <summary>
/// Reads the pictures of a test in order, resized only, decoding ahead of the network on several threads. A picture that cannot be read
/// always stops the evaluation: a test with gaps has no score.
/// </summary>
internal static class EvaluationImages
{
    /// <summary>
    /// Reads some images of a test; batch indices are places in <paramref name="images"/>, and <see cref="Batch.Labels"/> is empty. Threads
    /// are joined when the iteration ends or is abandoned.
    /// </summary>
    /// <param name="test">Must outlive the iteration.</param>
    /// <param name="resolution">Pixels per side of the network's input.</param>
    /// <param name="options">Batch size and threads; the last batch is never dropped.</param>
    /// <exception cref="DataProblem">While iterating, at the batch that holds the bad picture.</exception>
    /// <exception cref="OperationCanceledException">While iterating, on <paramref name="cancel"/>.</exception>
    public static IEnumerable<Batch> Read(FaceTest test, IReadOnlyList<int> images, int resolution, BatchOptions options,
        CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(resolution, 1);
        return Batches(test, images, resolution, CheckedOptions.Of(options), cancel);
    }

    private static IEnumerable<Batch> Batches(FaceTest test, IReadOnlyList<int> images, int resolution, BatchOptions options,
        CancellationToken cancel)
    {
        var size = Math.Min(options.BatchSize, Math.Max(1, images.Count));
        var order = new EpochOrder(images.Count, size, DropLast: false, Seed: 0); // only used to cut the images into batches
        var slots = Enumerable.Range(0, options.Buffers).Select(_ => new Batch(size, resolution, labelled: false));
        using var ring = new OrderedRing<Batch>(slots, 0, order.StepsPerEpoch, number => order.SizeOf((int)number), Fill,
            options.WorkerThreads);
        while (ring.Next(cancel) is { } batch) yield return batch;

        void Fill(Batch batch, long number, int item)
        {
            var index = (int)number * size + item;
            if (item == 0) (batch.Step, batch.Count) = ((int)number, order.SizeOf((int)number));
            Augment.None(test.Read(images[index]), resolution, batch.PixelsOf(item));
            batch.Indices[item] = index;
        }
    }
}

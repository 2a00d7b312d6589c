using Ablation.Harness.Batches;
using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Harness.Images;

namespace Ablation.Harness.Protocols;

/// <summary>
/// The pictures of a test, in order, unchanged but for their resolution, decoded ahead of the network on several threads.
/// A picture that cannot be read always stops the evaluation: a test with gaps has no score.
/// </summary>
public sealed class EvaluationImages
{
    private readonly Func<int, FaceImage> read;
    private readonly int resolution;
    private readonly BatchOptions options;

    private EvaluationImages(int count, Func<int, FaceImage> read, int resolution, BatchOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(resolution, 1);
        Count = count;
        this.read = read;
        this.resolution = resolution;
        this.options = CheckedOptions.Of(options);
    }

    /// <summary>Pictures.</summary>
    public int Count { get; }

    /// <summary>Every image of <paramref name="test"/>, 0 .. ImageCount-1.</summary>
    /// <param name="test">Must outlive every <see cref="Read"/>.</param>
    /// <param name="resolution">Pixels of the network's input.</param>
    /// <param name="options">Batch size and threads; the last batch is never dropped.</param>
    /// <param name="degrade">Applied to each picture as stored, before it takes the input's resolution (low-resolution tests).</param>
    public static EvaluationImages Decode(FaceTest test, int resolution, BatchOptions options,
        Func<FaceImage, FaceImage>? degrade = null) =>
        new(test.ImageCount, Through(test.Read, degrade), resolution, options);

    /// <summary>Some images of <paramref name="test"/>: batch indices count these.</summary>
    public static EvaluationImages Decode(FaceTest test, IReadOnlyList<int> images, int resolution, BatchOptions options) =>
        new(images.Count, index => test.Read(images[index]), resolution, options);

    /// <summary>Every image of <paramref name="source"/>, 0 .. Count-1; as for a protocol.</summary>
    public static EvaluationImages Decode(FaceSource source, int resolution, BatchOptions options,
        Func<FaceImage, FaceImage>? degrade = null) =>
        new(source.Count, Through(index => source.Read(index).Image, degrade), resolution, options);

    /// <summary>
    /// Reads all batches in order; <see cref="Batch.Labels"/> is empty. Threads are joined when the iteration ends or is left.
    /// </summary>
    /// <exception cref="DataProblem">While iterating, at the batch that holds the bad picture.</exception>
    /// <exception cref="OperationCanceledException">While iterating, on <paramref name="cancel"/>.</exception>
    public IEnumerable<Batch> Read(CancellationToken cancel = default)
    {
        var size = Math.Min(options.BatchSize, Math.Max(1, Count));
        var order = new EpochOrder(Count, size, DropLast: false, Seed: 0); // only its cutting into batches is used
        var slots = Enumerable.Range(0, options.Buffers).Select(_ => new Batch(size, resolution, labelled: false));
        using var ring = new OrderedRing<Batch>(slots, 0, order.StepsPerEpoch, number => order.SizeOf((int)number), Fill,
            options.WorkerThreads);
        while (ring.Next(cancel) is { } batch) yield return batch;

        void Fill(Batch batch, long number, int item)
        {
            var index = (int)number * size + item;
            if (item == 0) (batch.Step, batch.Count) = ((int)number, order.SizeOf((int)number));
            Augment.None(read(index), resolution, batch.PixelsOf(item));
            batch.Indices[item] = index;
        }
    }

    private static Func<int, FaceImage> Through(Func<int, FaceImage> read, Func<FaceImage, FaceImage>? degrade) =>
        degrade is null ? read : index => degrade(read(index));
}

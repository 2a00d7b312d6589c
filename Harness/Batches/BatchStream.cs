using System.Collections.Concurrent;
using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Harness.Images;

namespace Ablation.Harness.Batches;

/// <summary>A picture that could not be used: its index, where it is stored, and what is wrong.</summary>
public sealed record BadImage(int Index, string Where, string What);

/// <summary>
/// Reads training batches, decoded and augmented ahead of the step. Order and pixels depend on the seed alone, never on the number of
/// threads; memory is bounded by <see cref="BatchOptions.Buffers"/>. Does not own the source.
/// </summary>
public sealed class BatchStream
{
    private const int ListedBadImages = 100;
    private const int FewBadImages = 20; // allowed in any set; in large ones one image in twenty

    private readonly FaceSource source;
    private readonly AugmentOptions augment;
    private readonly BatchOptions options;
    private readonly EpochOrder order;
    private readonly int resolution;
    private readonly ConcurrentDictionary<int, Lazy<int[]>> orders = new();
    private readonly ConcurrentDictionary<int, byte> unreadable = new();
    private readonly List<BadImage> listed = [];
    private long waited; // ticks

    /// <param name="source">Where the pictures come from; must outlive every <see cref="Read"/>.</param>
    /// <param name="resolution">Pixels of the network's input.</param>
    /// <param name="seed">Order and augmentation; equal seeds give equal batches.</param>
    /// <param name="augment">Random changes.</param>
    /// <param name="options">Size, threads, what to do with a bad picture.</param>
    /// <exception cref="DataProblem">An option is out of range, or the source has too few pictures for one step.</exception>
    public BatchStream(FaceSource source, int resolution, long seed, AugmentOptions augment, BatchOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(resolution, 1);
        this.source = source;
        this.resolution = resolution;
        this.augment = augment.CheckedFor(resolution);
        this.options = CheckedOptions.Of(options);
        order = new EpochOrder(source.Count, options.BatchSize, options.DropLast, seed);
        if (order.StepsPerEpoch == 0)
        {
            throw new DataProblem(source.Name, $"{source.Count} images do not fill one batch of {options.BatchSize}",
                "lower batch, or raise accumulate");
        }
    }

    public int StepsPerEpoch => order.StepsPerEpoch;

    /// <summary>
    /// How long readers have waited so far for batches that were not ready: what faster decoding would save. The first batch of each
    /// <see cref="Read"/> is left out, since no thread could prepare it ahead. Counted when the batch is handed out. Thread-safe.
    /// </summary>
    public TimeSpan Waited => new(Interlocked.Read(ref waited));

    /// <summary>Different pictures found bad so far (<see cref="OnBadImage.Skip"/>); complete once an epoch has been read.</summary>
    public int BadImageCount => unreadable.Count;

    /// <summary>All of them, by index.</summary>
    public IReadOnlyList<int> Unreadable => [.. unreadable.Keys.Order()];

    /// <summary>
    /// Skips pictures that an earlier attempt at the same training found bad, readable now or not, so that the same ones replace them.
    /// </summary>
    public void Skip(IEnumerable<int> indices)
    {
        foreach (var index in indices.Where(index => unreadable.TryAdd(index, 0)))
            List(new BadImage(index, source.Locate(index), "was found bad before the training was interrupted"));
    }

    /// <summary>The bad pictures by index; 100 at most are listed.</summary>
    public IReadOnlyList<BadImage> BadImages
    {
        get
        {
            lock (listed) return [.. listed.OrderBy(bad => bad.Index)];
        }
    }

    /// <summary>
    /// Steps <paramref name="first"/> up to <paramref name="end"/> (not included), counted from the start of training; step s
    /// is step s % StepsPerEpoch of epoch s / StepsPerEpoch. Reading across epochs keeps the threads busy between them.
    /// Threads start with the iteration and are joined when it ends or is abandoned.
    /// </summary>
    /// <exception cref="DataProblem">While iterating, at the batch that holds the bad picture.</exception>
    /// <exception cref="OperationCanceledException">While iterating, on <paramref name="cancel"/>.</exception>
    public IEnumerable<Batch> Read(long first, long end, CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        var slots = Enumerable.Range(0, options.Buffers).Select(_ => new Batch(options.BatchSize, resolution, labelled: true));
        using var ahead = new ReadAhead(first * options.BatchSize, end * options.BatchSize, Touch);
        using var ring = new OrderedRing<Batch>(slots, first, end, number => order.SizeOf(StepOf(number)), FillAndReport,
            options.WorkerThreads);
        for (var number = first; ring.Next(cancel) is { } batch; number++)
        {
            if (number > first) Interlocked.Add(ref waited, ring.LastWait.Ticks);
            orders.TryRemove(batch.Epoch - 1, out _);
            yield return batch;
        }

        orders.Clear();

        void FillAndReport(Batch batch, long number, int item)
        {
            ahead.Reach(number * options.BatchSize + item);
            Fill(batch, number, item);
        }
    }

    /// <summary>Returns how many bad pictures are skipped at most in a set of <paramref name="count"/>.</summary>
    internal static int MostSkipped(int count) => Math.Max(FewBadImages, count / 20);

    private int StepOf(long number) => (int)(number % StepsPerEpoch);

    private void Fill(Batch batch, long number, int item)
    {
        var epoch = (int)(number / StepsPerEpoch);
        var step = StepOf(number);
        if (item == 0) (batch.Epoch, batch.Step, batch.Count) = (epoch, step, order.SizeOf(step));
        var (index, face) = ReadFrom(Visits(epoch), step * options.BatchSize + item);
        Augment.Apply(face.Image, augment, resolution, new RandomStream(order.Seed, StreamPurpose.Augment, epoch, index),
            batch.PixelsOf(item));
        batch.Indices[item] = index;
        batch.Labels[item] = face.Identity;
    }

    private int[] Visits(int epoch) => orders.GetOrAdd(epoch, chosen => new Lazy<int[]>(() => order.Permutation(chosen))).Value;

    private bool Touch(long position)
    {
        var (number, item) = Math.DivRem(position, options.BatchSize);
        var step = StepOf(number);
        return item >= order.SizeOf(step) || source.Touch(Visits((int)(number / StepsPerEpoch))[step * options.BatchSize + (int)item]);
    }

    /// <summary>Reads the picture at <paramref name="position"/> of the order, or the next good one if bad ones are skipped.</summary>
    private (int Index, LabelledFace Face) ReadFrom(int[] visits, int position)
    {
        for (var tries = 0; tries < visits.Length; tries++)
        {
            var index = visits[(int)(((long)position + tries) % visits.Length)];
            if (unreadable.ContainsKey(index)) continue;
            try
            {
                return (index, source.ReadChecked(index));
            }
            catch (DataProblem problem) when (options.OnBadImage == OnBadImage.Skip && !problem.IsLabel)
            {
                Note(new BadImage(index, problem.Where, problem.What));
            }
        }

        throw new DataProblem(source.Name, "not one image could be read", "run data check");
    }

    private void Note(BadImage bad)
    {
        if (!unreadable.TryAdd(bad.Index, 0)) return;
        if (unreadable.Count > MostSkipped(source.Count))
            throw new DataProblem(bad.Where, $"{bad.What}, and so are {unreadable.Count - 1} of {source.Count} images before it",
                "skipping is for single images: run data check, and repair the set");
        List(bad);
    }

    private void List(BadImage bad)
    {
        lock (listed)
        {
            if (listed.Count < ListedBadImages) listed.Add(bad);
        }
    }
}

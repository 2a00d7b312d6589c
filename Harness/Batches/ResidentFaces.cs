using System.Collections.Concurrent;
using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;

namespace Ablation.Harness.Batches;

/// <summary>What one step takes from <see cref="ResidentFaces.Pixels"/>.</summary>
/// <param name="Epoch">Counted from 0.</param>
/// <param name="Step">Within the epoch, from 0.</param>
/// <param name="Indices">B rows of the block.</param>
/// <param name="Flipped">B: whether the picture is mirrored.</param>
/// <param name="Labels">B classes.</param>
public sealed record ResidentStep(int Epoch, int Step, long[] Indices, bool[] Flipped, long[] Labels);

/// <summary>
/// Holds a whole set at the network's resolution in one block, for augmentation that can at most flip: a step is then a choice of rows,
/// here or on the device that the block was copied to. Pictures, order and flips have the same bits as those of <see cref="BatchStream"/>.
/// </summary>
/// <remarks>The constructor reads every picture, so that a bad one stops it, or is known from then on.</remarks>
public sealed class ResidentFaces
{
    private readonly AugmentOptions augment;
    private readonly EpochOrder order;
    private readonly int resolution;
    private readonly long[] labels;
    private readonly HashSet<int> bad;

    /// <param name="source">Read once, on <see cref="BatchOptions.Workers"/> threads; not needed afterwards.</param>
    /// <param name="resolution">Pixels of the network's input, p.</param>
    /// <param name="seed">Order and flips; equal seeds give equal steps.</param>
    /// <param name="augment">One that <see cref="Suits"/>.</param>
    /// <param name="budgetBytes">The most that the block may take.</param>
    /// <exception cref="ArgumentException">The augmentation does more than flip.</exception>
    /// <exception cref="DataProblem">The block is too large (found before anything is read), a picture is bad, or an option is out of
    /// range.</exception>
    public ResidentFaces(FaceSource source, int resolution, long seed, AugmentOptions augment, BatchOptions options, long budgetBytes,
        CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(resolution, 1);
        if (!Suits(augment))
            throw new ArgumentException("pictures that are shifted, zoomed or lit anew each time cannot be kept", nameof(augment));
        CheckedOptions.Of(options);
        var bytes = BytesOf(source.Count, resolution);
        if (bytes > budgetBytes || bytes / sizeof(float) > Array.MaxLength)
        {
            throw new DataProblem(source.Name,
                $"{source.Count} pictures of {resolution} pixels take {bytes >> 20} MB, " +
                $"{Math.Min(budgetBytes, 4L * Array.MaxLength) >> 20} MB are allowed",
                "lower the resolution, or read them in batches");
        }

        (this.resolution, this.augment) = (resolution, augment.CheckedFor(resolution));
        order = new EpochOrder(source.Count, options.BatchSize, options.DropLast, seed);
        if (order.StepsPerEpoch == 0)
            throw new DataProblem(source.Name, $"{source.Count} images do not fill one batch of {options.BatchSize}",
                "lower batch, or raise accumulate");
        labels = new long[source.Count];
        Pixels = new float[bytes / sizeof(float)];
        BadImages = Load(source, options, cancel);
        bad = [.. BadImages.Select(image => image.Index)];
    }

    /// <summary>count x 3 x p x p: RGB planes, (value - 127.5) / 127.5; zeros for a bad picture, which no step uses.</summary>
    public float[] Pixels { get; }

    /// <summary>All that were skipped, by index.</summary>
    public IReadOnlyList<BadImage> BadImages { get; }

    /// <summary>Indices of all that no step uses.</summary>
    public IReadOnlyList<int> Unreadable => [.. bad.Order()];

    /// <summary>Skips pictures that an earlier attempt at the same training found bad.</summary>
    public void Skip(IEnumerable<int> indices) => bad.UnionWith(indices);

    public int StepsPerEpoch => order.StepsPerEpoch;

    /// <summary>Whether <paramref name="augment"/> at most mirrors a picture.</summary>
    public static bool Suits(AugmentOptions augment) =>
        augment with
        {
            FlipProbability = 0,
            DownUpMinPixels = AugmentOptions.Off.DownUpMinPixels,
            DownUpKernels = AugmentOptions.Off.DownUpKernels,
        } == AugmentOptions.Off;

    /// <summary>Returns the bytes of <see cref="Pixels"/>.</summary>
    public static long BytesOf(int count, int resolution) => checked(sizeof(float) * 3L * resolution * resolution * count);

    /// <summary>Returns what each step takes, numbered as in <see cref="BatchStream.Read"/>.</summary>
    public IEnumerable<ResidentStep> Steps(long first, long end)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        var (visits, shuffled) = (Array.Empty<int>(), -1);
        for (var number = first; number < end; number++)
        {
            var (epoch, step) = ((int)(number / StepsPerEpoch), (int)(number % StepsPerEpoch));
            if (epoch != shuffled) (visits, shuffled) = (order.Permutation(epoch), epoch);
            var indices = new long[order.SizeOf(step)];
            for (var item = 0; item < indices.Length; item++) indices[item] = GoodFrom(visits, step * order.BatchSize + item);
            yield return new ResidentStep(epoch, step, indices,
                Array.ConvertAll(indices,
                    index => Augment.Flips(augment, new RandomStream(order.Seed, StreamPurpose.Augment, epoch, index))),
                Array.ConvertAll(indices, index => labels[index]));
        }
    }

    private Span<float> PixelsOf(int index) => Pixels.AsSpan(index * 3 * resolution * resolution, 3 * resolution * resolution);

    private int GoodFrom(int[] visits, int position)
    {
        while (bad.Contains(visits[position])) position = (position + 1) % visits.Length; // loading made sure that not all are bad
        return visits[position];
    }

    private List<BadImage> Load(FaceSource source, BatchOptions options, CancellationToken cancel)
    {
        var problems = new ConcurrentBag<(int Index, DataProblem Problem)>();
        Parallel.For(0, source.Count, new ParallelOptions { MaxDegreeOfParallelism = options.WorkerThreads, CancellationToken = cancel },
            index =>
        {
            try
            {
                var face = source.ReadChecked(index);
                Augment.None(face.Image, resolution, PixelsOf(index));
                labels[index] = face.Identity;
            }
            catch (DataProblem problem)
            {
                problems.Add((index, problem));
            }
        });
        var found = problems.OrderBy(problem => problem.Index).ToList();
        if (found.Find(item => options.OnBadImage == OnBadImage.Stop || item.Problem.IsLabel).Problem is { } stop) throw stop;
        if (found.Count > BatchStream.MostSkipped(source.Count))
            throw new DataProblem(source.Name, $"{found.Count} of {source.Count} images are bad, the first: {found[0].Problem.Message}",
                "skipping is for single images: run data check, and repair the set");
        return [.. found.Select(item => new BadImage(item.Index, item.Problem.Where, item.Problem.What))];
    }
}

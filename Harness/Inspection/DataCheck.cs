using System.Collections.Concurrent;
using System.Diagnostics;
using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Harness.Images;
using Ablation.Harness.Protocols;

namespace Ablation.Harness.Inspection;

/// <summary>Number of images of one size.</summary>
public sealed record SizeCount(int Width, int Height, int Images);

/// <summary>Number of identities with <paramref name="From"/> to <paramref name="To"/> images.</summary>
public sealed record IdentityBucket(int From, int To, int Identities);

/// <summary>Images per identity.</summary>
/// <param name="Histogram">By powers of two: 0, 1, 2-3, 4-7, ...; without empty buckets.</param>
public sealed record ImagesPerIdentity(int Minimum, double Median, double Mean, int Maximum, IReadOnlyList<IdentityBucket> Histogram);

/// <summary>Something that cannot be read: where it is stored and what is wrong.</summary>
public sealed record BadData(string Where, string What);

/// <summary>Reads a whole set and reports what it holds and what cannot be read.</summary>
/// <param name="Images">Distinct images, the bad ones included.</param>
/// <param name="Identities">Null for a protocol of pairs, which does not name identities.</param>
/// <param name="SamePairs">Pairs of one identity; null for a source of training faces and for a test without pairs.</param>
/// <param name="DifferentPairs">Pairs of two identities; null as those.</param>
/// <param name="Sizes">The most frequent first.</param>
/// <param name="Bad">At most <see cref="MostBad"/> of them, in the order of the images; <paramref name="BadCount"/> counts all.</param>
/// <param name="ImagesPerSecond">Read and decoded, over all threads.</param>
public sealed record DataCheck(
    string Name,
    int Images,
    int? Identities,
    int? SamePairs,
    int? DifferentPairs,
    IReadOnlyList<SizeCount> Sizes,
    ImagesPerIdentity? PerIdentity,
    IReadOnlyList<BadData> Bad,
    int BadCount,
    double ImagesPerSecond)
{
    /// <summary>The most bad images that are listed.</summary>
    public const int MostBad = 1000;

    /// <summary>Notes of the set, as in a trial's log, result and report.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Reads every image of a source of training faces.</summary>
    /// <param name="threads">Images read at once; 0 for one per core.</param>
    /// <param name="progress">Gets the number of images done from time to time, from any thread.</param>
    public static DataCheck Run(FaceSource source, int threads = 0, IProgress<int>? progress = null, CancellationToken cancel = default)
    {
        var images = new int[source.Identities];
        var read = new Reading(source.Count, threads, progress, cancel, index =>
        {
            try
            {
                var face = source.Read(index);
                Interlocked.Increment(ref images[face.Identity]);
                return face.Image;
            }
            catch (DataProblem)
            {
                CountDamaged(source, index, images);
                throw;
            }
        }, source.Locate);
        var empty = images.Select((count, identity) => (count, identity)).Where(item => item.count == 0)
            .Select(item => new BadData(source.Name, $"identity {item.identity} ({source.NameOf(item.identity)}) has no image")).ToList();
        return new DataCheck(source.Name, source.Count, source.Identities, null, null, read.SizesByCount(), Distribution(images),
            [.. read.FirstBad().Concat(empty).Take(MostBad)], read.BadCount + empty.Count, read.ImagesPerSecond)
        {
            Notes = [.. Refusal(source, cancel), .. source.Notes],
        };
    }

    /// <summary>Returns why training would refuse the classes, if it would.</summary>
    private static string[] Refusal(FaceSource source, CancellationToken cancel)
    {
        try
        {
            source.CheckClasses(cancel);
            return [];
        }
        catch (DataProblem problem)
        {
            return [$"training refuses this set: {problem.Message}"];
        }
    }

    /// <summary>Reads every distinct image of a test.</summary>
    /// <inheritdoc cref="Run(FaceSource, int, IProgress{int}?, CancellationToken)"/>
    public static DataCheck Run(FaceTest protocol, int threads = 0, IProgress<int>? progress = null, CancellationToken cancel = default)
    {
        var read = new Reading(protocol.ImageCount, threads, progress, cancel, protocol.Read, protocol.Locate);
        var pairs = (protocol as PairProtocol)?.Pairs;
        var same = pairs?.Count(pair => pair.Same);
        return new DataCheck(protocol.Name, protocol.ImageCount, null, same, pairs?.Count - same, read.SizesByCount(), null,
            read.FirstBad(), read.BadCount, read.ImagesPerSecond)
        {
            Notes = protocol.Notes,
        };
    }

    /// <summary>Counts a damaged picture for its identity, if its label can be read.</summary>
    private static void CountDamaged(FaceSource source, int index, int[] images)
    {
        try
        {
            Interlocked.Increment(ref images[source.IdentityOf(index)]);
        }
        catch (DataProblem)
        {
            // the label is the problem, and it is reported
        }
    }

    private static ImagesPerIdentity Distribution(int[] images)
    {
        int[] sorted = [.. images.Order()];
        var middle = sorted.Length / 2;
        var median = sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2.0;
        var buckets = sorted.GroupBy(count => count == 0 ? 0 : 1 << (int)Math.Log2(count)).OrderBy(bucket => bucket.Key)
            .Select(bucket => new IdentityBucket(bucket.Key, Math.Max(bucket.Key * 2 - 1, 0), bucket.Count()));
        return new ImagesPerIdentity(sorted[0], median, sorted.Average(), sorted[^1], [.. buckets]);
    }

    /// <summary>One parallel pass over all images.</summary>
    private sealed class Reading
    {
        private const int ProgressEvery = 1024;
        private readonly ConcurrentDictionary<(int Width, int Height), int> sizes = new();
        private readonly ConcurrentBag<(int Index, BadData Bad)> bad = [];

        public Reading(
            int count, int threads, IProgress<int>? progress, CancellationToken cancel, Func<int, FaceImage> read, Func<int, string> locate)
        {
            var done = 0;
            var bad = 0;
            var clock = Stopwatch.StartNew();
            var options = new ParallelOptions
            {
                MaxDegreeOfParallelism = threads > 0 ? threads : Environment.ProcessorCount,
                CancellationToken = cancel,
            };
            Parallel.For(0, count, options, index =>
            {
                try
                {
                    var image = read(index);
                    sizes.AddOrUpdate((image.Width, image.Height), 1, (_, images) => images + 1);
                }
                catch (DataProblem problem)
                {
                    var what = problem.Where == locate(index) ? problem.What : $"{problem.Where}: {problem.What}";
                    if (Interlocked.Increment(ref bad) <= 10 * MostBad) this.bad.Add((index, new BadData(locate(index), what)));
                }

                var now = Interlocked.Increment(ref done);
                if (now % ProgressEvery == 0 || now == count) progress?.Report(now);
            });
            BadCount = bad;
            ImagesPerSecond = count / clock.Elapsed.TotalSeconds;
        }

        public int BadCount { get; }

        public double ImagesPerSecond { get; }

        public List<BadData> FirstBad() => [.. bad.OrderBy(item => item.Index).Select(item => item.Bad).Take(MostBad)];

        public List<SizeCount> SizesByCount() => [.. sizes.Select(size => new SizeCount(size.Key.Width, size.Key.Height, size.Value))
            .OrderByDescending(size => size.Images).ThenBy(size => size.Width).ThenBy(size => size.Height)];
    }
}

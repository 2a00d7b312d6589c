using System.Diagnostics;
using Ablation.Harness.Embedding;
using Ablation.Harness.Kernels.Search;
using static TorchSharp.torch;

namespace Ablation.Benchmarks;

/// <summary>Times the rank-1 search of a large gallery beside the matrix product that it needs.</summary>
public static class SearchBench
{
    private const int TorchRows = 1024;

    /// <summary>
    /// Measures alternately the rank of one mate per probe among the whole gallery and the bare products. Returns medians over the rounds.
    /// </summary>
    /// <param name="probes">Number of random rows of length 1, as is <paramref name="gallery"/>.</param>
    /// <param name="threads">Of the search, of the tile product and of libtorch.</param>
    public static SearchTiming Run(int probes, int gallery, int dimension, int threads, int rounds, CancellationToken cancel = default)
    {
        var entries = Rows(1, gallery, dimension);
        var (rows, mates) = (Rows(2, probes, dimension), Rows(3, probes, dimension));
        var queries = new ProbeQuery[probes];
        for (var probe = 0; probe < probes; probe++)
        {
            Approach(mates[probe], rows[probe]);
            queries[probe] = new ProbeQuery([new Reference(TileProduct.Exact(rows[probe], mates[probe]), int.MaxValue)], []);
        }

        var before = get_num_threads();
        set_num_threads(threads);
        using var torchRows = tensor(rows.Values).view(probes, dimension);
        using var torchEntries = from_array(entries.Values).view(gallery, dimension);
        var (search, tile, torch) = (new List<double>(), new List<double>(), new List<double>());
        try
        {
            for (var round = -1; round < rounds; round++)
            {
                cancel.ThrowIfCancellationRequested();
                var part = round < 0 ? Math.Min(gallery, 4096) : gallery; // the first round warms up
                var seconds = (Seconds(() =>
                    GallerySearch.Run(rows, queries, entries, [part], new SearchOptions(Threads: threads), cancel)),
                    Seconds(() => GallerySearch.MultiplyOnly(rows, entries, part, threads)),
                    Seconds(() => Torch(torchRows, torchEntries, part)));
                if (round < 0) continue;
                search.Add(seconds.Item1);
                tile.Add(seconds.Item2);
                torch.Add(seconds.Item3);
            }
        }
        finally
        {
            set_num_threads(before);
        }

        return new SearchTiming(probes, gallery, dimension, threads, rounds, MedianInterval.Middle(search), MedianInterval.Middle(tile),
            MedianInterval.Middle(torch));
    }

    private static double Seconds(Action work)
    {
        var clock = Stopwatch.StartNew();
        work();
        return clock.Elapsed.TotalSeconds;
    }

    /// <summary>Computes the same product by libtorch, some gallery rows at a time, into one output.</summary>
    private static void Torch(Tensor probes, Tensor gallery, int rows)
    {
        using var grad = no_grad();
        using var transposed = probes.t();
        using var products = zeros(TorchRows, probes.shape[0]);
        for (var row = 0; row < rows; row += TorchRows)
        {
            using var scope = NewDisposeScope();
            var count = Math.Min(TorchRows, rows - row);
            products.narrow(0, 0, count).addmm_(gallery.narrow(0, row, count), transposed, 0, 1);
        }
    }

    /// <summary>Moves a row halfway towards another: a mate that only a few of a million strangers outrank.</summary>
    private static void Approach(Span<float> mate, ReadOnlySpan<float> probe)
    {
        double square = 0;
        for (var i = 0; i < mate.Length; i++)
        {
            mate[i] = mate[i] * 2 + probe[i];
            square += (double)mate[i] * mate[i];
        }

        foreach (ref var value in mate) value = (float)(value / Math.Sqrt(square));
    }

    private static EmbeddingMatrix Rows(int seed, int rows, int dimension)
    {
        var random = new Random(seed);
        var raw = new EmbeddingMatrix(rows, dimension);
        for (var row = 0; row < rows; row++)
        {
            double square = 0;
            foreach (ref var value in raw[row]) square += (double)(value = random.NextSingle() - 0.5f) * value;
            var inverse = (float)(1 / Math.Sqrt(square));
            foreach (ref var value in raw[row]) value *= inverse;
        }

        return raw;
    }
}

/// <summary>Medians over the rounds, in seconds.</summary>
/// <param name="Search">The exact rank of one mate per probe, and its best other score.</param>
/// <param name="Tile">Only the float32 tile products of the search.</param>
/// <param name="Torch">The same product by libtorch, a thousand gallery rows at a time.</param>
public sealed record SearchTiming(int Probes, int Gallery, int Dimension, int Threads, int Rounds, double Search, double Tile, double Torch)
{
    /// <summary>The search's speed as a share of the faster product's.</summary>
    public double ShareOfProduct => Math.Min(Tile, Torch) / Search;

    /// <summary>Floating-point operations per second of the faster product, two per multiply-add.</summary>
    public double ProductRate => 2.0 * Probes * Gallery * Dimension / Math.Min(Tile, Torch);
}

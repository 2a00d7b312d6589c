using Ablation.Harness.Embedding;
using Ablation.Losses.Kernels.Fused;

namespace Ablation.Harness.Kernels.Search;

/// <summary>
/// Searches many probes exactly in a large gallery, tile by tile, without P x G scores in memory. Scores are float64 products of float32
/// rows of length 1 (<see cref="TileProduct.Exact(float*, float*, int)"/>); float32 products only choose which of them have to be computed.
/// Equal scores are ordered by gallery row, lowest first. No result depends on tiles or threads: each thread has its own probes and sees
/// the whole gallery in order.
/// </summary>
public static unsafe class GallerySearch
{
    private const int TileValues = 32 * 1024; // float32 in 128 KiB: a tile, its products and a panel stay in the second-level cache
    private const int MostTileRows = 256;
    private const int MostPanels = 16;        // per thread at once: the gallery is read once for all of them

    /// <param name="probes">P x D, rows of length 1.</param>
    /// <param name="queries">One per probe.</param>
    /// <param name="gallery">G x D, rows of length 1.</param>
    /// <param name="levels">Prefixes of the gallery to report on, ascending, 1 .. G rows; rows after the last are not searched.</param>
    /// <exception cref="ArgumentException">Sizes do not fit, or a row is not of length 1.</exception>
    /// <exception cref="OperationCanceledException">Between two tiles.</exception>
    public static SearchResult Run(EmbeddingMatrix probes, IReadOnlyList<ProbeQuery> queries, EmbeddingMatrix gallery,
        IReadOnlyList<int> levels, SearchOptions options, CancellationToken cancel = default)
    {
        Check(probes, queries, gallery, levels);
        var dimension = gallery.Dimension;
        var threads = options.Threads > 0 ? options.Threads : Environment.ProcessorCount;
        var (blocks, panelsEach) = Blocks(probes.Rows, threads);
        var tileRows = options.TileRows ?? TileRowsFor(dimension);
        var referenceAt = new int[queries.Count + 1];
        for (var probe = 0; probe < queries.Count; probe++)
            referenceAt[probe + 1] = checked(referenceAt[probe] + queries[probe].References.Count);
        var (before, bestOther) = (new int[checked(referenceAt[^1] * levels.Count)], new double[probes.Rows * levels.Count]);
        var (topRows, topScores) = (new int[probes.Rows * options.TopK], new double[probes.Rows * options.TopK]);
        var highest = new double[blocks][][];
        Parallel.For(0, blocks, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancel }, block =>
        {
            var found = new HighestScores(options.Highest);
            highest[block] = new double[levels.Count][];
            fixed (float* probeRows = probes.Values, galleryRows = gallery.Values)
            {
                using var mine = new ProbeBlock(probeRows, probes.Rows, block * panelsEach, panelsEach, dimension, tileRows, options.Plain);
                var scans = new PanelScan[mine.Panels];
                for (var panel = 0; panel < scans.Length; panel++)
                    scans[panel] = new PanelScan(probeRows, galleryRows, dimension, queries,
                        (block * panelsEach + panel) * TileProduct.Lanes, options.TopK, found);
                for (int level = 0, row = 0; level < levels.Count; level++)
                {
                    for (int rows; row < levels[level]; row += rows)
                    {
                        cancel.ThrowIfCancellationRequested();
                        rows = Math.Min(tileRows, levels[level] - row);
                        for (var panel = 0; panel < scans.Length; panel++)
                            scans[panel].Absorb(mine.Multiply(galleryRows + (long)row * dimension, rows, panel), rows, row);
                    }

                    highest[block][level] = found.Falling();
                    foreach (var scan in scans) scan.Snapshot(level, levels.Count, referenceAt, before, bestOther);
                }

                foreach (var scan in scans) scan.WriteTop(options.TopK, topRows, topScores);
            }
        });
        var merged = Enumerable.Range(0, levels.Count)
            .Select(level => highest.SelectMany(block => block[level]).OrderDescending().Take(options.Highest).ToArray());
        return new SearchResult(before, bestOther, [.. merged], topRows, topScores);
    }

    /// <summary>Gallery rows multiplied at once.</summary>
    internal static int TileRowsFor(int dimension) =>
        Math.Clamp(TileValues / dimension / MicroKernel.Rows * MicroKernel.Rows, MicroKernel.Rows, MostTileRows);

    /// <summary>Computes the products alone, tile by tile as <see cref="Run"/> does: a lower bound of a search's time.</summary>
    internal static void MultiplyOnly(EmbeddingMatrix probes, EmbeddingMatrix gallery, int galleryRows, int threads)
    {
        var (dimension, tileRows) = (gallery.Dimension, TileRowsFor(gallery.Dimension));
        var (blocks, panelsEach) = Blocks(probes.Rows, threads);
        Parallel.For(0, blocks, new ParallelOptions { MaxDegreeOfParallelism = threads }, block =>
        {
            fixed (float* probeRows = probes.Values, entries = gallery.Values)
            {
                using var mine = new ProbeBlock(probeRows, probes.Rows, block * panelsEach, panelsEach, dimension, tileRows, plain: false);
                for (var row = 0; row < galleryRows; row += tileRows)
                {
                    for (var panel = 0; panel < mine.Panels; panel++)
                        mine.Multiply(entries + (long)row * dimension, Math.Min(tileRows, galleryRows - row), panel);
                }
            }
        });
    }

    /// <summary>Divides the probes among threads in blocks of panels.</summary>
    private static (int Blocks, int PanelsEach) Blocks(int probes, int threads)
    {
        var panels = (probes + TileProduct.Lanes - 1) / TileProduct.Lanes;
        var each = Math.Clamp((panels + threads - 1) / threads, 1, MostPanels);
        return ((panels + each - 1) / each, each);
    }

    private static void Check(EmbeddingMatrix probes, IReadOnlyList<ProbeQuery> queries, EmbeddingMatrix gallery, IReadOnlyList<int> levels)
    {
        if (probes.Dimension != gallery.Dimension)
            throw new ArgumentException($"probes of {probes.Dimension} values in a gallery of {gallery.Dimension}");
        if (queries.Count != probes.Rows) throw new ArgumentException($"{queries.Count} queries for {probes.Rows} probes");
        for (var level = 0; level < levels.Count; level++)
        {
            if (levels[level] < 1 || levels[level] > gallery.Rows || (level > 0 && levels[level] <= levels[level - 1]))
                throw new ArgumentException(
                    $"levels {string.Join(", ", levels)} of a gallery of {gallery.Rows}: they must rise from 1 to that");
        }

        CheckLength(probes, "probe");
        CheckLength(gallery, "gallery");
    }

    private static void CheckLength(EmbeddingMatrix rows, string what)
    {
        for (var row = 0; row < rows.Rows; row++)
        {
            var square = TileProduct.Exact(rows[row], rows[row]);
            if (!(Math.Abs(square - 1) < TileProduct.LongestRow - 1))
                throw new ArgumentException($"{what} row {row} has length {Math.Sqrt(square)}, not 1");
        }
    }
}

using Ablation.Harness.Embedding;
using Ablation.Harness.Kernels.Search;

namespace Ablation.Tests.Search;

[Parallelizable]
public sealed class GallerySearchTests
{
    private static readonly int[] Sizes = [1, 7, 8, 31, 32, 33, 129, 512];

    [Test]
    public void It_agrees_with_a_full_sort_at_the_edges_of_panels_and_tiles([ValueSource(nameof(Sizes))]
    int gallery, [Values(1, 16, 32, 33, 70)] int probes, [Values] bool plain)
    {
        var (rows, queries, entries) = Problem(probes, gallery, 19);
        var options = new SearchOptions(TopK: 5, Highest: 9, Threads: 1) { TileRows = 24, Plain = plain };
        int[] levels = [.. new[] { 1, 24, 30, gallery }.Where(level => level <= gallery).Distinct().Order()];
        NaiveSearch.AssertEqual(GallerySearch.Run(rows, queries, entries, levels, options),
            NaiveSearch.Run(rows, queries, entries, levels, 5, 9));
    }

    [TestCase(3, 1.0)]
    [TestCase(128, 1.0)]
    [TestCase(300, 1.0)]
    [TestCase(513, 1.0)]
    [TestCase(128, 1e-3, TestName = "Scores_nearer_to_each_other_than_float32_can_tell_are_told_apart(1e-3)")]
    [TestCase(128, 1e-7, TestName = "Scores_nearer_to_each_other_than_float32_can_tell_are_told_apart(1e-7)")]
    public void It_agrees_with_a_full_sort_for_any_dimension_and_spread(int dimension, double spread)
    {
        var (rows, queries, entries) = Problem(40, 400, dimension, spread);
        NaiveSearch.AssertEqual(GallerySearch.Run(rows, queries, entries, [100, 400], new SearchOptions(10, 50, 2)),
            NaiveSearch.Run(rows, queries, entries, [100, 400], 10, 50));
    }

    [Test]
    public void Tiles_threads_and_kernel_change_no_bit()
    {
        var (rows, queries, entries) = Problem(1100, 700, 64);
        var expected = GallerySearch.Run(rows, queries, entries, [40, 700], new SearchOptions(7, 1100, 1));
        foreach (var (tile, threads, plain) in new[] { (8, 2, false), (104, 3, true), (700, 40, false) })
            NaiveSearch.AssertEqual(GallerySearch.Run(rows, queries, entries, [40, 700],
                new SearchOptions(7, 1100, threads) { TileRows = tile, Plain = plain }), expected);
    }

    [Test]
    public void A_permuted_gallery_gives_the_same_counts_without_ties()
    {
        var (rows, _, entries) = Problem(20, 200, 32, copies: 0);
        var order = Enumerable.Range(0, 200).ToArray();
        new Random(5).Shuffle(order);
        var permuted = entries.Normalised(order, row => $"{row}");
        int[] identity = [.. Enumerable.Range(0, 200).Select(row => row / 3)];
        int[] probeIdentity = [.. Enumerable.Range(0, 20)];
        var found = GallerySearch.Run(rows, ProbeQuery.Build(rows, probeIdentity, entries, identity), entries, [200],
            new SearchOptions(3, 20));
        int[] permutedIdentity = [.. order.Select(row => identity[row])];
        var again = GallerySearch.Run(rows, ProbeQuery.Build(rows, probeIdentity, permuted, permutedIdentity), permuted, [200],
            new SearchOptions(3, 20));
        for (var probe = 0; probe < 20; probe++)
            Assert.That(again.Before.Skip(3 * probe).Take(3).Order(), Is.EqualTo(found.Before.Skip(3 * probe).Take(3).Order()));
        Assert.That(again.BestOther, Is.EqualTo(found.BestOther));
        Assert.That(again.Highest, Is.EqualTo(found.Highest));
        Assert.That(again.TopRows.Select(row => order[row]), Is.EqualTo(found.TopRows));
    }

    [Test]
    public void Equal_scores_are_ordered_as_in_the_gallery()
    {
        var one = new EmbeddingMatrix([1, 0, 0, 1, 1, 0, 1, 0, 1, 0], 2); // rows 0, 2, 3 and 4 are equal
        var probe = new EmbeddingMatrix([1, 0], 2);
        var query = new ProbeQuery([new Reference(1, 3), new Reference(1, int.MaxValue), new Reference(1, 0)], [3]);
        var found = GallerySearch.Run(probe, [query], one, [2, 5], new SearchOptions(4, 2));
        Assert.That(found.Before, Is.EqualTo(new[] { 1, 2, 1, 3, 0, 0 }));
        Assert.That(found.TopRows, Is.EqualTo(new[] { 0, 2, 3, 4 }));
    }

    [Test]
    public void The_bound_covers_the_error_of_a_float32_product([Values(16, 128, 512, 2048)] int dimension, [Values] bool plain)
    {
        var rows = NaiveSearch.Rows(1, 64, dimension, 0);
        var found = Products(rows, plain);
        for (var i = 0; i < found.Length; i++)
            Assert.That(Math.Abs(found[i] - TileProduct.Exact(rows[i / 32], rows[32 + i % 32])),
                Is.LessThanOrEqualTo(TileProduct.RoundingBound(dimension)));
        Assert.That(TileProduct.RoundingBound(dimension), Is.LessThan(6.2e-8 * dimension), "tight enough to filter");
    }

    [Test]
    public void The_exact_product_is_that_of_float64()
    {
        var rows = NaiveSearch.Rows(3, 2, 77, 0);
        var sum = Enumerable.Range(0, 77).Sum(k => (double)rows[0][k] * rows[1][k]);
        Assert.That(TileProduct.Exact(rows[0], rows[1]), Is.EqualTo(sum).Within(1e-15));
    }

    [Test]
    public void Rows_that_are_not_of_length_1_and_levels_that_do_not_rise_are_refused()
    {
        var unit = NaiveSearch.Rows(1, 4, 8);
        var query = Enumerable.Repeat(ProbeQuery.NonMated, 4).ToArray();
        var longer = new EmbeddingMatrix([.. unit.Values.Select(value => value * 1.01f)], 8);
        var sick = new EmbeddingMatrix([.. unit.Values.Select((value, i) => i == 17 ? float.NaN : value)], 8);
        Assert.That(() => GallerySearch.Run(unit, query, longer, [4], new SearchOptions()),
            Throws.ArgumentException.With.Message.Contains("gallery row 0 has length 1.0"));
        Assert.That(() => GallerySearch.Run(sick, query, unit, [4], new SearchOptions()),
            Throws.ArgumentException.With.Message.Contains("probe row 2 has length NaN"));
        foreach (var levels in new int[][] { [0], [5], [2, 2], [3, 2] })
            Assert.That(() => GallerySearch.Run(unit, query, unit, levels, new SearchOptions()),
                Throws.ArgumentException.With.Message.Contains("must rise"));
        Assert.That(() => GallerySearch.Run(unit, query[..3], unit, [4], new SearchOptions()),
            Throws.ArgumentException.With.Message.Contains("3 queries for 4 probes"));
        Assert.That(() => GallerySearch.Run(unit, query, unit, [4], new SearchOptions(), new CancellationToken(true)),
            Throws.InstanceOf<OperationCanceledException>());
    }

    /// <summary>Returns probes of 60 identities; the gallery's first 30 rows contain some of them, often repeatedly.</summary>
    private static (EmbeddingMatrix Probes, IReadOnlyList<ProbeQuery> Queries, EmbeddingMatrix Gallery) Problem(int probes, int gallery,
        int dimension, double spread = 1, double copies = 0.3)
    {
        var all = NaiveSearch.Rows(11, probes + gallery, dimension, copies, spread);
        var rows = all.Normalised([.. Enumerable.Range(0, probes)], row => $"{row}");
        var entries = all.Normalised([.. Enumerable.Range(probes, gallery)], row => $"{row}");
        int[] enrolled = [.. Enumerable.Range(0, Math.Min(30, gallery)).Select(row => row * row % 11)];
        return (rows, ProbeQuery.Build(rows, [.. Enumerable.Range(0, probes).Select(probe => probe % 13)], entries, enrolled), entries);
    }

    private static unsafe float[] Products(EmbeddingMatrix rows, bool plain)
    {
        var (packed, products) = (new float[32 * rows.Dimension], new float[32 * 32]);
        fixed (float* all = rows.Values, panel = packed, to = products)
        {
            TileProduct.Pack(all + 32 * rows.Dimension, 32, rows.Dimension, panel);
            TileProduct.Multiply(all, 32, panel, to, rows.Dimension, plain);
        }

        return products;
    }
}

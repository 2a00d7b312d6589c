using Ablation.Experiments.Reports.Tables;
using Ablation.Harness.Batches;
using Ablation.Harness.Embedding;
using Ablation.Harness.Faces;
using Ablation.Harness.Faces.Synthetic;
using Ablation.Harness.Images;
using Ablation.Harness.Metrics;
using Ablation.Harness.Protocols;

namespace Ablation.Tests.Protocols;

/// <summary>Identification at low resolution: probes at one resolution searched in a gallery at another, among distractors.</summary>
public sealed class LowResolutionSearchTests
{
    private static readonly BatchOptions Batches = new() { BatchSize = 64, Workers = 1 };
    private static readonly DataRoot Data = new(".");

    private static readonly IdentificationOptions Inner = new()
    {
        Faces = new SyntheticOptions { Identities = 12, ImagesPerIdentity = 3, Resolution = 24, Difficulty = 0.9 },
        Distractors = new SyntheticOptions { Identities = 10, ImagesPerIdentity = 2, Resolution = 24, Seed = 9 },
        DistractorCounts = [5, 20],
        Name = "faces",
    };

    [Test]
    public void Native_with_native_is_the_plain_search([Values] bool alone)
    {
        var inner = Inner with { EachMateAlone = alone };
        using var plain = inner.Open(Data);
        var expected = (IdentificationScores)plain.Score(Embedded(plain), default).Single();
        using var test = Open(inner, [6], LowResolutionCells.Matrix);
        var cells = test.Score(Embedded(test), default).Cast<IdentificationScores>().ToList();
        Assert.That(cells.Select(cell => cell.Test), Is.EqualTo(new[] { "6 x 6", "6 x native", "native x 6", "native x native" }
            .Select(cell => $"faces, {cell} px (synthetic)")).And.EqualTo(test.Parts));
        Assert.That(cells[3].MateScore, Is.EqualTo(expected.MateScore));
        Assert.That(cells[3].Before, Is.EqualTo(expected.Before));
        Assert.That(cells[0].MateScore, Is.Not.EqualTo(expected.MateScore));
        Assert.That(test.ScoreCount, Is.EqualTo(4 * plain.ScoreCount));
    }

    [Test]
    public void A_cell_searches_small_probes_among_mates_and_distractors_of_the_gallerys_size([Values] bool alone)
    {
        var inner = Inner with { EachMateAlone = alone };
        using var plain = (IdentificationTest)inner.Open(Data);
        using var test = Open(inner, [6, 12], LowResolutionCells.Matrix);
        var cell = test.Score(Embedded(test), default).Cast<IdentificationScores>()
            .Single(one => (one.GalleryPixels, one.ProbePixels) == (12, 6));
        var (small, large) = (Rows(plain, 6), Rows(plain, 12));
        var design = plain.Design;
        var (mates, before) = (new List<double>(), new List<int>());
        foreach (var (probe, identity) in design.Probes.Zip(design.ProbeIdentity))
        {
            var own = (alone ? design.Probes.Zip(design.ProbeIdentity) : design.Enrolled.Zip(design.EnrolledIdentity))
                .Where(one => one.Second == identity && (!alone || one.First != probe)).Select(one => one.First);
            var others = alone ? [] : design.Enrolled.Zip(design.EnrolledIdentity).Where(one => one.Second != identity)
                .Select(one => one.First).ToArray();
            foreach (var mate in own)
            {
                var score = Cosine(small[probe], large[mate]);
                mates.Add(score);
                foreach (var level in design.Levels)
                    before.Add(others.Concat(design.Distractors[..level]).Count(entry => Cosine(small[probe], large[entry]) > score));
            }
        }

        Assert.That(cell.MateScore, Is.EqualTo(mates).Within(1e-6));
        Assert.That(cell.Before, Is.EqualTo(before), "by cosines that no two entries share");
        Assert.That(before.Distinct().Count(), Is.GreaterThan(3), "the premise: the test is hard enough to rank");
    }

    [Test]
    public void A_mate_stands_in_the_gallery([Values] bool alone)
    {
        using var plain = (IdentificationTest)(Inner with { EachMateAlone = alone }).Open(Data);
        Assert.That(plain.ProbeImages, Is.EqualTo(plain.Design.Probes));
        Assert.That(plain.GalleryImages, Is.EqualTo(plain.Design.Enrolled.Concat(plain.Design.Distractors)
            .Concat(alone ? plain.Design.Probes : []).Order()));
    }

    [Test]
    public void Only_what_a_cell_compares_is_embedded()
    {
        using var plain = (IdentificationTest)Inner.Open(Data);
        using var test = Open(Inner, [6, 12], LowResolutionCells.NativeGallery);
        Assert.That(test.ImageCount, Is.EqualTo(2 * plain.Design.Probes.Length + plain.ImageCount),
            "reduced probes, and every picture as stored");
        test.Probe();
        var keys = Enumerable.Range(0, test.ImageCount).Select(test.ImageKey).ToList();
        Assert.That(keys, Is.Unique.And.All.Not.Null);
        Assert.That(Enumerable.Range(0, test.ImageCount).Select(test.ImageName), Is.Unique);
        Assert.That(test.PersonName(0), Is.EqualTo(plain.PersonName(plain.Design.Probes[0])));
        Assert.That(test.Score(Embedded(test), default).Select(cell => cell.ProbePixels), Is.EqualTo(new int?[] { 6, 12, 0 }));
    }

    [Test]
    public void Stored_scores_keep_their_resolutions()
    {
        using var test = Open(Inner, [6], LowResolutionCells.Diagonal);
        var cell = (IdentificationScores)test.Score(Embedded(test), default)[0];
        var again = new IdentificationScores(cell.Store());
        Assert.That((again.GalleryPixels, again.ProbePixels), Is.EqualTo(((int?)6, (int?)6)));
        Assert.That(LowResolutionTest.CellOf(again), Is.EqualTo(("faces, low resolution (synthetic)", "6", "6 x 6 px")));
        Assert.That(new IdentificationScores((cell with { GalleryPixels = null, ProbePixels = null }).Store()).GalleryPixels, Is.Null);
    }

    [Test]
    public void A_table_shows_rank_1_among_the_most_distractors_cell_beside_cell()
    {
        using var test = Open(Inner, [6, 12], LowResolutionCells.NativeGallery);
        var scores = test.Score(Embedded(test), default);
        var shown = TableMetrics.Select(scores, [.. scores.SelectMany(cell => cell.Metrics())]).ToList();
        Assert.That(shown.Select(metric => metric.Test), Is.All.EqualTo("faces, low resolution (synthetic)"));
        Assert.That(shown.Select(metric => metric.Name), Is.EqualTo(new[] { "native x native", "native x 12", "native x 6" }
            .Select(cell => $"rank-1 @ 20 distractors {cell} px")));
        Assert.That(shown[0].Value, Is.EqualTo(scores[2].Metrics().Single(metric => metric.Name == "rank-1 @ 20 distractors").Value));
    }

    private static LowResolutionTest Open(IdentificationOptions inner, int[] resolutions, LowResolutionCells cells) =>
        new LowResolutionOptions { Test = inner, Resolutions = resolutions, Cells = cells }.Open(Data);

    private static TestEmbeddings Embedded(FaceTest test)
    {
        using var embedder = new PixelEmbedder();
        return Embedder.Embed(embedder, test, Batches, cache: null, default);
    }

    /// <summary>Embeds every picture of a test by hand, reduced.</summary>
    private static double[][] Rows(FaceTest plain, int pixels)
    {
        using var embedder = new PixelEmbedder();
        var batch = new Batch(plain.ImageCount, embedder.Resolution, labelled: false) { Count = plain.ImageCount };
        for (var image = 0; image < plain.ImageCount; image++)
            Augment.None(Resample.Area(plain.Read(image), pixels, pixels), embedder.Resolution, batch.PixelsOf(image));
        var pixelsOfAll = embedder.Embed(batch, [FlipFusion.Sum])[0].Select(value => (double)value);
        return [.. pixelsOfAll.Chunk(embedder.Resolution * embedder.Resolution)];
    }

    private static double Cosine(double[] left, double[] right)
    {
        double dot = 0, first = 0, second = 0;
        for (var i = 0; i < left.Length; i++)
            (dot, first, second) = (dot + left[i] * right[i], first + left[i] * left[i], second + right[i] * right[i]);
        return dot / Math.Sqrt(first * second);
    }
}

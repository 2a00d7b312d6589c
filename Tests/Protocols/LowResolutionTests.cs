using System.Security.Cryptography;
using Ablation.Harness.Batches;
using Ablation.Harness.Embedding;
using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Harness.Images;
using Ablation.Harness.Metrics;
using Ablation.Harness.Protocols;
using Ablation.Tests.Metrics;

namespace Ablation.Tests.Protocols;

/// <summary>Synthetic low resolution: its pictures, its cells and their layout.</summary>
public sealed class LowResolutionTests
{
    private static readonly SyntheticPairsOptions Inner = new() { Pairs = 40, Folds = 2, Resolution = 32 };
    private static readonly BatchOptions Batches = new() { BatchSize = 64, Workers = 1 };

    [Test]
    public void A_picture_is_reduced_by_area_and_enlarged_bicubically_in_one_step()
    {
        using var plain = Inner.Open(new DataRoot("."));
        using var test = Open([7, 20]);
        Assert.That(test.ImageCount, Is.EqualTo(3 * plain.ImageCount));
        var stored = plain.Read(5);
        var small = test.Read(5);
        Assert.That((small.Width, small.Height), Is.EqualTo((7, 7)));
        Assert.That(small.Rgb, Is.EqualTo(Resample.Area(stored, 7, 7).Rgb));
        Assert.That(test.Read(2 * plain.ImageCount + 5).Rgb, Is.EqualTo(stored.Rgb), "native comes last");

        // the input of a 24 x 24 network: bicubic of the small picture, without a second rounding
        var seen = EvaluationImages.Read(test, [5], 24, Batches).First().PixelsOf(0).ToArray();
        var taps = new ResampleTaps(7, 0, 7, 24, ResampleKernel.Bicubic);
        var (plane, red) = (new float[24 * 24], small.Rgb.Where((_, i) => i % 3 == 0).Select(value => (float)value).ToArray());
        Resample.Plane(red, taps, taps, plane);
        Assert.That(seen[..plane.Length], Is.EqualTo(plane.Select(value => (Math.Clamp(value, 0, 255) - 127.5f) / 127.5f)).Within(1e-5f));
    }

    [Test]
    public void Names_and_keys_differ_by_resolution_and_native_equals_the_plain_test()
    {
        using var plain = Inner.Open(new DataRoot("."));
        using var test = Open([7, 20]);
        var all = Enumerable.Range(0, test.ImageCount).ToList();
        Assert.That(all.Select(test.ImageKey), Is.Unique.And.All.Not.Null);
        Assert.That(all.Select(test.ImageName), Is.Unique);
        Assert.That(test.ImageName(plain.ImageCount), Is.EqualTo($"20/{plain.ImageName(0)}"));
        Assert.That(test.ImageKey(2 * plain.ImageCount + 3), Is.EqualTo(plain.ImageKey(3)), "so that the cache recognises it");
        Assert.That(test.PersonName(plain.ImageCount + 3), Is.EqualTo(plain.PersonName(3)));
    }

    [Test]
    public void A_cell_compares_the_gallery_at_one_resolution_with_the_probe_at_another()
    {
        using var plain = Inner.Open(new DataRoot("."));
        using var test = Open([7, 20]);
        using var embedder = new PixelEmbedder();
        var embeddings = Embedder.Embed(embedder, test, Batches, cache: null, default);
        var cells = test.Score(embeddings, default).Cast<PairScores>().ToList();
        Assert.That(cells.Select(cell => cell.Test), Is.EqualTo(new[]
        {
            "7 x 7", "7 x 20", "7 x native", "20 x 7", "20 x 20", "20 x native", "native x 7", "native x 20", "native x native",
        }.Select(cell => $"{plain.Name}, {cell} px (synthetic)")));
        Assert.That(test.ScoreCount, Is.EqualTo(9 * 40));
        var (first, second) = (plain.Pairs[11].First, plain.Pairs[11].Second);
        var norms = Enumerable.Range(0, embeddings.Sum.Rows).Select(row => embeddings.Sum.Norm(row, test.Locate)).ToArray();
        var expected = 2 - 2 * embeddings.Sum.Cosine(plain.ImageCount + first, second, norms); // gallery 20 (second block), probe 7 (first)
        Assert.That(cells[3].SquaredDistance[11], Is.EqualTo(expected).Within(1e-6));
        Assert.That((cells[3].GalleryPixels, cells[3].ProbePixels, cells[5].ProbePixels), Is.EqualTo(((int?)20, (int?)7, (int?)0)));
        Assert.That(cells[8].SquaredDistance,
            Is.EqualTo(PairScoring.Distances(plain, Embedder.Embed(embedder, plain, Batches, cache: null, default).Sum).SquaredDistance),
                "native with native is the plain test");
        Assert.That(new PairScores(cells[5].Store()), Has.Property(nameof(PairScores.GalleryPixels))
            .EqualTo(20).And.Property(nameof(PairScores.ProbePixels)).EqualTo(0));
    }

    [TestCase(LowResolutionCells.Diagonal, "7 x 7, 20 x 20, native x native")]
    [TestCase(LowResolutionCells.NativeGallery, "native x 7, native x 20, native x native")]
    public void Fewer_cells_can_be_chosen(LowResolutionCells cells, string names)
    {
        using var test = Open([7, 20], cells);
        var embeddings = new EmbeddingMatrix(test.ImageCount, 2);
        for (var row = 0; row < embeddings.Rows; row++) (embeddings[row][0], embeddings[row][1]) = (1 + row % 3, row % 5);
        Assert.That(string.Join(", ", test.Score(new TestEmbeddings(embeddings), default)
            .Select(cell => cell.Test.Split(", ")[^1].Replace(" px (synthetic)", "", StringComparison.Ordinal))), Is.EqualTo(names));
        embeddings[1].Clear();
        Assert.That(() => test.Score(new TestEmbeddings(embeddings), default), Throws.TypeOf<DataProblem>());
        Assert.That(test.Name, Does.Contain("synthetic"));
    }

    [Test]
    public void The_design_depends_on_resolutions_and_cells()
    {
        Assert.That(new[] { Hash([7, 20]), Hash([7]), Hash([20, 7]), Hash([7, 20], LowResolutionCells.Diagonal) }, Is.Unique);

        static string Hash(int[] resolutions, LowResolutionCells cells = LowResolutionCells.Matrix)
        {
            using var test = Open(resolutions, cells);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            test.Describe(new DesignHash(hash));
            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
    }

    [Test]
    public void Impossible_options_are_refused()
    {
        Refused([], "there are none");
        Refused([7, 0], "0 is no resolution");
        Refused([7, 513], "513 is no resolution");
        Refused([7, 14, 7], "twice");
        Assert.That(() => new LowResolutionOptions { Test = new LowResolutionOptions { Test = Inner } }.Open(new DataRoot(".")),
            Throws.TypeOf<DataProblem>().With.Message.Contains("LowResolution has no gallery and probes"));
        using var test = Open([40]);
        Assert.That(() => test.Read(0), Throws.TypeOf<DataProblem>().With.Message.Contains("32 x 32 pixels cannot be reduced to 40 x 40"));

        static void Refused(int[] resolutions, string what) =>
            Assert.That(() => Open(resolutions), Throws.TypeOf<DataProblem>().With.Message.Contains(what));
    }

    [Test]
    public void A_picture_must_be_large_enough_in_width_and_height()
    {
        using var folder = new TemporaryFolder();
        using var pairs = MadeUpPairs.Of(folder, 1, persons: 3, imagesEach: 2, pairs: 12); // 12 x 10 pixels
        using var test = new LowResolutionTest(pairs, [11, 10], LowResolutionCells.Matrix);
        Assert.That(() => test.Read(0), Throws.TypeOf<DataProblem>().With.Message.Contains("12 x 10 pixels"));
        Assert.That(test.Read(pairs.ImageCount).Width, Is.EqualTo(10));
    }

    [Test]
    public void A_suite_reads_it_with_its_inner_test()
    {
        const string text =
            """
            { "type": "LowResolution", "cells": "nativeGallery",
              "test": { "type": "SyntheticPairs", "pairs": 40, "convention": "whole-set" } }
            """;
        var options = (LowResolutionOptions)SpecJson.Read<ProtocolOptions>(text);
        Assert.That((options.Cells, string.Join(' ', options.Resolutions)),
            Is.EqualTo((LowResolutionCells.NativeGallery, "7 10 14 20 28 56")));
        Assert.That(((SyntheticPairsOptions)options.Test).Convention, Is.EqualTo("whole-set"));
    }

    [Test]
    public void Cells_are_laid_out_from_native_to_low_resolution()
    {
        PairScores Cell(int gallery, int probe) =>
            new($"{gallery} {probe}", [0.1f, 1], [true, false], [0, 0], 1) { GalleryPixels = gallery, ProbePixels = probe };
        TestScores[] scores = [Cell(7, 20), Cell(7, 0), Cell(0, 20), Cell(0, 0), NaiveVerification.Random(1)];
        var rows = ResolutionMatrix.Build(scores,
            cell => new Metric(cell.Test, "AUC", "", cell.ProbePixels == 0 ? null : cell.GalleryPixels, null, 2), value => value is null
                ? "n/a" : $"{value}");
        Assert.That(rows.Select(row => string.Join(" | ", row)),
            Is.EqualTo(new[] { "gallery \\ probe px | native | 20", "native | n/a | 0", "7 | n/a | 7" }));
        Assert.That(ResolutionMatrix.Build(scores[..2].Append(Cell(20, 7)).ToList(), _ => null, _ => "n/a")[1],
            Is.EqualTo(new[] { "20", "", "", "n/a" }), "20 x native and 20 x 20 are not in the test");
    }

    private static LowResolutionTest Open(int[] resolutions, LowResolutionCells cells = LowResolutionCells.Matrix) =>
        new LowResolutionOptions { Test = Inner, Resolutions = resolutions, Cells = cells }.Open(new DataRoot("."));
}

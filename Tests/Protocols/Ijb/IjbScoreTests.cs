using Ablation.Harness.Embedding;
using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Harness.Images;
using Ablation.Harness.Metrics;
using Ablation.Harness.Protocols;
using Ablation.Harness.Protocols.Ijb;
using Ablation.Losses.Options;
using Ablation.Tests.Images;

namespace Ablation.Tests.Protocols.Ijb;

/// <summary>A tiny IJB-C from files to scores, against a literal implementation in doubles, one template at a time.</summary>
[Parallelizable]
public sealed class IjbScoreTests
{
    [Test]
    public void Options_are_found_by_name_and_read_from_a_suite()
    {
        Assert.That(Catalog.RecordsOf<ProtocolOptions>(), Does.ContainKey("Ijb"));
        var options =
            SpecJson.Read<ProtocolOptions>("""{ "type": "Ijb", "root": "IJBC", "variants": "N1D1F2,N0D0F0", "identification": true }""");
        Assert.That(options, Is.EqualTo(new IjbOptions { Root = "IJBC", Variants = "N1D1F2,N0D0F0", Identification = true }));
    }

    [Test]
    public void A_test_without_verification_and_identification_is_refused() =>
        Assert.That(() => new IjbOptions { Root = "a", Verification = false }.Open(new DataRoot(".")),
            Throws.TypeOf<DataProblem>().With.Message.Contains("neither verification nor identification"));

    [Test]
    public void Every_variant_gives_the_scores_of_a_literal_implementation()
    {
        using var folder = new TinyIjb();
        using var test = folder.Open();
        var embeddings = TinyIjb.Embeddings(test);
        var scores = test.Score(embeddings, default).Cast<PairScores>().ToList();
        Assert.That(scores.Select(one => one.Test),
            Is.EqualTo(new[] { "N0D0F0", "N0D0F2", "N0D1F0", "N0D1F2", "N1D0F0", "N1D0F2", "N1D1F0",
                "N1D1F2" }.Select(variant => $"IJB-C 1:1 ({variant})")));
        Assert.That(scores.Select(one => string.Join(' ', one.SquaredDistance)).Distinct().Count(), Is.EqualTo(8), "all variants differ");
        foreach (var one in scores)
        {
            var (keepNorm, detector, flip) = (one.Test.Contains("N1"), one.Test.Contains("D1"), one.Test.Contains("F2"));
            Assert.That((one.Folds, one.Fold.All(fold => fold == 0)), Is.EqualTo((1, true)));
            Assert.That(one.Same, Is.EqualTo(TinyIjb.Pairs.Select(pair => pair.Same)));
            for (var i = 0; i < TinyIjb.Pairs.Length; i++)
            {
                var (left, right) = (Template(TinyIjb.Pairs[i].First), Template(TinyIjb.Pairs[i].Second));
                Assert.That(one.SquaredDistance[i], Is.EqualTo(2 - 2 * left.Zip(right, (a, b) => a * b).Sum())
                    .Within(2e-6), $"{one.Test} pair {i}");
            }

            double[] Template(int id) => Literally(embeddings[flip ? FlipFusion.Sum : FlipFusion.ImageOnly], id, keepNorm, detector);
        }
    }

    private static double[] Literally(EmbeddingMatrix images, int template, bool keepNorm, bool detector)
    {
        var sum = new double[images.Dimension];
        foreach (var media in TinyIjb.Of.Where(one => one.Template == template).Select(one => one.Media).Distinct())
        {
            var ofMedia = Enumerable.Range(0, TinyIjb.Of.Length).Where(image => TinyIjb.Of[image] == (template, media)).ToList();
            for (var d = 0; d < sum.Length; d++)
            {
                sum[d] += ofMedia.Average(image =>
                {
                    var norm = Math.Sqrt(images[image].ToArray().Sum(value => (double)value * value));
                    return images[image][d] / (keepNorm ? 1 : norm) * (detector ? TinyIjb.Detector(image) : 1);
                });
            }
        }

        var length = Math.Sqrt(sum.Sum(value => value * value));
        return [.. sum.Select(value => value / length)];
    }

    [Test]
    public void Only_the_fusions_that_the_variants_need_are_computed()
    {
        using var folder = new TinyIjb();
        using var both = folder.Open("N1D1F2,N0D0F0");
        using var sum = folder.Open("N1D1F2,N0D0F2");
        using var alone = folder.Open("N1D1F0");
        Assert.That(both.Fusions, Is.EqualTo(new[] { FlipFusion.Sum, FlipFusion.ImageOnly }));
        Assert.That(sum.Fusions, Is.EqualTo(new[] { FlipFusion.Sum }));
        Assert.That(alone.Fusions, Is.EqualTo(new[] { FlipFusion.ImageOnly }));
        Assert.That((sum.ScoreCount, sum.ImageCount, sum.TemplateCount, sum.PairCounts), Is.EqualTo((18L, 14, 7, (4, 5))));
        Assert.That(new IjbOptions { Root = folder.Root }.Open(new DataRoot(".")).Score(TinyIjb.Embeddings(sum), default)
            .Single().Test, Is.EqualTo("IJB-C 1:1 (N1D1F2)"));
    }

    [Test]
    public void Lines_in_another_order_give_the_same_scores_bit_by_bit([Values(1, 2, 3)] int seed)
    {
        using var folder = new TinyIjb();
        using var test = folder.Open();
        var before = Scores(test);
        var random = new Random(seed);
        foreach (var name in new[] { "ijbc_face_tid_mid.txt", "ijbc_name_5pts_score.txt" })
        {
            var lines = TinyIjb.Files()[name].Split('\n', StringSplitOptions.RemoveEmptyEntries);
            random.Shuffle(lines);
            folder.Write(name, string.Concat(lines.Select(line => line + "\n")));
        }

        using var shuffled = folder.Open();
        Assert.That(shuffled.ImageName(0) + shuffled.ImageName(1), Is.Not.EqualTo("1.jpg2.jpg"));
        Assert.That(Scores(shuffled), Is.EqualTo(before));
    }

    [Test]
    public void A_byte_order_mark_and_CRLF_change_nothing()
    {
        using var folder = new TinyIjb();
        using var test = folder.Open(identification: true);
        foreach (var (name, text) in TinyIjb.Files()) folder.Write(name, "\uFEFF" + text.Replace("\n", "\r\n"));
        using var windows = folder.Open(identification: true);
        Assert.That(Content.Of(windows), Is.EqualTo(Content.Of(test)));
    }

    [Test]
    public void Scores_are_stored_and_read_back()
    {
        using var folder = new TinyIjb();
        using var test = folder.Open("N1D1F2");
        var scores = (PairScores)test.Score(TinyIjb.Embeddings(test), default).Single();
        var back = new PairScores(scores.Store());
        Assert.That(back.Metrics(), Is.EqualTo(scores.Metrics()));
    }

    [Test]
    public void A_picture_is_the_crop_aligned_by_its_landmarks()
    {
        using var folder = new TinyIjb();
        using var test = folder.Open();
        var aligned = test.Read(4);
        Assert.That((aligned.Width, aligned.Height), Is.EqualTo((112, 112)));
        Assert.That(aligned.Rgb,
            Is.EqualTo(FivePoints.Align(Pictures.Of(4, 40, 44), [.. TinyIjb.Landmarks(4).Select(value => (float)value)], "").Rgb));
        Assert.That(aligned.Rgb,
            Is.Not.EqualTo(FivePoints.Align(Pictures.Of(4, 40, 44), [.. TinyIjb.Landmarks(5).Select(value => (float)value)], "").Rgb));
        Assert.That(test.Locate(4), Is.EqualTo(Path.Combine(folder.Root, "loose_crop", "5.jpg")));
        Assert.That(test.ImageKey(4), Is.Not.Null.And.Not.EqualTo(test.ImageKey(5)));
        folder.Write("ijbc_name_5pts_score.txt", TinyIjb.Files()["ijbc_name_5pts_score.txt"].Replace("5.jpg 14.765", "5.jpg 14.766"));
        using var moved = folder.Open();
        Assert.That((moved.ImageKey(4) == test.ImageKey(4), moved.ImageKey(3) == test.ImageKey(3)), Is.EqualTo((false, true)));
    }

    [Test]
    public void Probes_are_searched_in_each_gallery_and_in_both()
    {
        using var folder = new TinyIjb();
        using var test = folder.Open("N1D1F2", identification: true);
        var embeddings = TinyIjb.Embeddings(test);
        var searches = test.Searches(test.Pool(embeddings, new IjbVariant(true, true, true), default), new IjbVariant(true, true, true));
        Assert.That(searches.Select(one => one.Test),
            Is.EqualTo(new[] { "IJB-C 1:N G1 (N1D1F2)", "IJB-C 1:N G2 (N1D1F2)", "IJB-C 1:N G1+G2 (N1D1F2)" }));
        Assert.That(searches.Select(one => one.GallerySubjects), Is.EqualTo(new int[][] { [100, 200], [300], [100, 200, 300] }));
        Assert.That(searches.Select(one => one.ProbeSubjects), Is.All.EqualTo(new[] { 100, 200, 300, 900 }));
        Assert.That(searches.Select(one => Array.ConvertAll(one.ProbeSubjects, one.GallerySubjects.Contains)),
            Is.EqualTo(new bool[][] { [true, true, false, false], [false, false, true, false], [true, true, true, false] }));
        Assert.That(Rows(searches[2].Gallery), Is.EqualTo(new[] { 3, 12, 7 }.Select(Row)).Within(1e-6));
        Assert.That(Rows(searches[0].Probes), Is.EqualTo(new[] { 41, 5, 40, 99 }.Select(Row)).Within(1e-6));

        var parts = test.Score(embeddings, default);
        Assert.That(parts.Select(part => part.Test), Is.EqualTo(searches.Select(one => one.Test).Prepend("IJB-C 1:1 (N1D1F2)")));
        var (subjects, gallery) = (new[] { 100, 200, 300 }, new[] { 3, 12, 7 });
        var both = (IdentificationScores)parts[3];
        Assert.That(both.MateCount, Is.EqualTo(new[] { 1, 1, 1, 0 }));
        for (var probe = 0; probe < 3; probe++)
        {
            var row = Row(new[] { 41, 5, 40 }[probe]);
            var scores = gallery.Select(template => Row(template).Zip(row, (a, b) => a * b).Sum()).ToArray();
            Assert.That(both.MateScore[probe], Is.EqualTo(scores[probe]).Within(1e-6), $"subject {subjects[probe]}");
            Assert.That(both.Before[probe], Is.EqualTo(scores.Count(score => score > scores[probe])));
            Assert.That(both.BestOther[probe], Is.EqualTo(scores.Where((_, i) => i != probe).Max()).Within(1e-6));
        }

        double[] Row(int template) => Literally(embeddings.Sum, template, true, true);
        static double[][] Rows(EmbeddingMatrix matrix) =>
            [.. Enumerable.Range(0, matrix.Rows).Select(row => matrix[row].ToArray().Select(value => (double)value).ToArray())];
    }

    [Test]
    public void Comparisons_of_a_template_with_itself_are_noted()
    {
        using var folder = new TinyIjb();
        using var test = folder.Open("N1D0F2");
        Assert.That(test.Notes, Has.Some.StartsWith("1 of 9 pairs are a template with itself"));
    }

    [TestCase(0f, "is zero in float32")]
    [TestCase(float.NaN, "has NaN in it")]
    [TestCase(float.PositiveInfinity, "has an infinite number in it")]
    public void A_zero_or_NaN_embedding_is_an_error_with_its_image(float value, string fault)
    {
        using var folder = new TinyIjb();
        using var test = folder.Open("N1D0F2");
        var embeddings = TinyIjb.Embeddings(test);
        embeddings.Sum[6].Fill(value);
        Assert.That(() => test.Score(embeddings, default),
            Throws.TypeOf<DataProblem>().With.Message.StartsWith(test.Locate(6) + $": its embedding {fault}"));
    }

    [Test]
    public void A_template_whose_images_cancel_is_an_error_with_its_number()
    {
        using var folder = new TinyIjb();
        using var test = folder.Open("N1D0F2");
        var embeddings = TinyIjb.Embeddings(test);
        for (var i = 0; i < 11; i++) embeddings.Sum[11][i] = -embeddings.Sum[12][i];
        Assert.That(() => test.Score(embeddings, default),
            Throws.TypeOf<DataProblem>().With.Message.Contains("template 5: the embeddings of its images add up to zero"));
    }

    [TestCase("", "\"\" is no variant")]
    [TestCase("N1D1F1", "F1, image and mirror image concatenated, is not offered")]
    [TestCase("n1d1f2", "\"n1d1f2\" is no variant")]
    [TestCase("N1D1F2, N1D1F2", "\"N1D1F2\" twice")]
    public void A_bad_variant_is_refused(string variants, string what)
    {
        using var folder = new TinyIjb();
        Assert.That(() => folder.Open(variants),
            Throws.TypeOf<DataProblem>().With.Message.Contains(what).And.Message.Contains("N0D0F0, N0D0F2"));
    }

    [Test]
    public void The_set_is_recognised_by_its_file_names()
    {
        using var folder = new TinyIjb();
        Assert.That(IjbFolder.IsAt(folder.Root), Is.True);
        foreach (var file in Directory.GetFiles(folder.Meta, "ijbc_*.txt"))
            File.Move(file, Path.Combine(folder.Root, Path.GetFileName(file).Replace("ijbc", "ijbb")));
        using (var test = folder.Open("N1D1F2"))
            Assert.That((test.Name, test.Score(TinyIjb.Embeddings(test), default)[0].Test), Is.EqualTo(("IJB-B", "IJB-B 1:1 (N1D1F2)")));
        folder.Write("ijbc_face_tid_mid.txt", "");
        Assert.That(() => folder.Open(), Throws.TypeOf<DataProblem>().With.Message.Contains("several sets"));
        Directory.Delete(folder.Meta, recursive: true);
        Directory.Delete(Path.Combine(folder.Root, "loose_crop"), recursive: true);
        Assert.That(() => folder.Open(), Throws.TypeOf<DataProblem>().With.Message.Contains("loose_crop: no such folder"));
        File.Delete(Path.Combine(folder.Root, "ijbb_face_tid_mid.txt"));
        Assert.That(() => folder.Open(), Throws.TypeOf<DataProblem>().With.Message.Contains("neither"));
        Assert.That(IjbFolder.IsAt(folder.Root), Is.False);
    }

    private static List<float[]> Scores(IjbTest test) =>
        [.. test.Score(TinyIjb.Embeddings(test), default).Cast<PairScores>().Select(one => one.SquaredDistance)];
}

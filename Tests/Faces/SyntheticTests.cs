using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Ablation.Harness.Batches;
using Ablation.Harness.Faces;
using Ablation.Harness.Faces.Synthetic;
using Ablation.Harness.Foundations;
using Ablation.Harness.Images;
using Ablation.Harness.Protocols;
using Ablation.Losses.Options;

namespace Ablation.Tests.Faces;

/// <summary>Synthetic faces: the same bytes everywhere, the requested counts, and a task of the stated difficulty.</summary>
[Parallelizable]
public sealed class SyntheticTests
{
    private static readonly DataRoot NoFiles = new(".");

    [TestCase(112, "cf5682908c21c821abcf50f9094205ae2ef8cb02790d95d436e85e0694425636")]
    [TestCase(56, "a18ad1e19bfd1256cc44b3242a24fba909dcb39e532759db7c4658794d537101")]
    public void Pixels_are_the_same_on_every_platform(int resolution, string golden)
    {
        byte[] pixels = [.. Enumerable.Range(0, 12).SelectMany(i => SyntheticFace.Paint(42, i, i * i, i / 11.0, resolution).Rgb)];
        Assert.That(Convert.ToHexStringLower(SHA256.HashData(pixels)), Is.EqualTo(golden),
            "changing the pictures changes published results: do so knowingly");
    }

    [Test]
    public void Augmented_batches_are_the_same_on_every_platform()
    {
        using var source = new SyntheticOptions { Identities = 4, ImagesPerIdentity = 4, Resolution = 48 }.Open(NoFiles);
        var augment = new AugmentOptions { GreyProbability = 0.2, DownUpProbability = 0.5, EraseProbability = 0.3 };
        var batches = new BatchStream(source, 28, 1, augment, new BatchOptions { BatchSize = 8, Workers = 2 });
        var hashes = batches.Read(0, 4).Select(batch => SHA256.HashData(MemoryMarshal.AsBytes(batch.Pixels.AsSpan())));
        Assert.That(Convert.ToHexStringLower(SHA256.HashData([.. hashes.SelectMany(hash => hash)])),
            Is.EqualTo("726e6b05c955a0af908ac30556fe0d06926fa0f491fafb1de7efdf4d0d7c4a3e"));
    }

    [Test]
    public void Suites_find_both_kinds_by_name()
    {
        Assert.That(Catalog.RecordsOf<SourceOptions>(), Does.ContainKey("Synthetic"));
        Assert.That(Catalog.RecordsOf<ProtocolOptions>(), Does.ContainKey("SyntheticPairs"));
    }

    [Test]
    public void An_image_does_not_depend_on_the_size_of_the_set_or_on_wrong_labels()
    {
        using var small = new SyntheticOptions { Identities = 3, ImagesPerIdentity = 4, Resolution = 32 }.Open(NoFiles);
        using var large = new SyntheticOptions { Identities = 9, ImagesPerIdentity = 4, Resolution = 32, LabelNoise = 0.4 }.Open(NoFiles);
        for (var i = 0; i < small.Count; i++) Assert.That(large.Read(i).Image.Rgb, Is.EqualTo(small.Read(i).Image.Rgb));
        Assert.That(small.Read(0).Image.Rgb, Is.Not.EqualTo(small.Read(1).Image.Rgb));
    }

    [Test]
    public void Seed_and_difficulty_change_the_pixels()
    {
        var picture = SyntheticFace.Paint(0, 1, 2, 0.5, 32).Rgb;
        Assert.That(SyntheticFace.Paint(1, 1, 2, 0.5, 32).Rgb, Is.Not.EqualTo(picture));
        Assert.That(SyntheticFace.Paint(0, 1, 2, 0.6, 32).Rgb, Is.Not.EqualTo(picture));
    }

    [TestCase(0.0, 0)]
    [TestCase(0.1, 20)]
    [TestCase(0.37, 74)]
    public void Exactly_the_given_share_has_a_wrong_label(double share, int wrong)
    {
        using var source = new SyntheticSource(new SyntheticOptions { Identities = 20, ImagesPerIdentity = 10, LabelNoise = share });
        var mislabelled = Enumerable.Range(0, source.Count).Where(i => source.IdentityOf(i) != source.PersonOf(i)).ToArray();
        Assert.That(mislabelled, Has.Length.EqualTo(wrong));
        Assert.That(source.Mislabelled, Is.EqualTo(wrong));
        Assert.That(Enumerable.Range(0, source.Count).Select(source.IdentityOf), Is.All.InRange(0, 19));
        using var more = new SyntheticSource(new SyntheticOptions { Identities = 20, ImagesPerIdentity = 10, LabelNoise = 0.4 });
        Assert.That(mislabelled, Is.SubsetOf(Enumerable.Range(0, 200).Where(i => more.IdentityOf(i) != more.PersonOf(i))),
            "more noise keeps the wrong labels of less");
    }

    [Test]
    public void A_long_tail_follows_the_power_law_and_keeps_the_total()
    {
        Assert.That(LongTail.Counts(7, 70, 0), Is.All.EqualTo(10));
        var counts = LongTail.Counts(50, 1000, 1);
        Assert.That(counts.Sum(), Is.EqualTo(1000));
        Assert.That(counts, Is.Ordered.Descending);
        Assert.That(counts[^1], Is.GreaterThanOrEqualTo(1));
        var harmonic = Enumerable.Range(1, 50).Sum(k => 1.0 / k);
        for (var k = 0; k < 50; k++) Assert.That(counts[k], Is.EqualTo(1 + 950 / harmonic / (k + 1)).Within(1.0), $"person {k}");
        using var source = new SyntheticOptions { Identities = 50, ImagesPerIdentity = 20, LongTail = 1 }.Open(NoFiles);
        Assert.That(Enumerable.Range(0, 1000).CountBy(source.IdentityOf).OrderBy(p => p.Key).Select(p => p.Value), Is.EqualTo(counts));
    }

    [Test]
    public void Pairs_are_balanced_correct_and_distinct_and_folds_share_no_person()
    {
        using var protocol = (SyntheticPairs)new SyntheticPairsOptions { Pairs = 400 }.Open(NoFiles);
        Assert.That((protocol.Pairs.Count, protocol.Folds), Is.EqualTo((400, 10)));
        foreach (var fold in protocol.Pairs.GroupBy(pair => pair.Fold))
            Assert.That((fold.Count(), fold.Count(pair => pair.Same)), Is.EqualTo((40, 20)));
        Assert.That(protocol.Pairs.All(pair => pair.Same == (PersonOf(protocol, pair.First) == PersonOf(protocol, pair.Second))));
        Assert.That(protocol.Pairs.Select(pair => (Math.Min(pair.First, pair.Second), Math.Max(pair.First, pair.Second))), Is.Unique);
        Assert.That(protocol.Pairs, Has.None.Matches<FacePair>(pair => pair.First == pair.Second));
        var folds = protocol.Pairs.SelectMany(pair =>
            new[] { (Person: PersonOf(protocol, pair.First), pair.Fold), (Person: PersonOf(protocol, pair.Second), pair.Fold) });
        Assert.That(folds.GroupBy(p => p.Person).Select(g => g.Select(p => p.Fold).Distinct().Count()), Is.All.EqualTo(1));
        Assert.That(protocol.Pairs.SelectMany(pair => new[] { pair.First, pair.Second })
            .Distinct(), Is.EquivalentTo(Enumerable.Range(0, protocol.ImageCount)), "every image is used");
    }

    [Test]
    public void Test_and_training_people_are_disjoint()
    {
        using var protocol = (SyntheticPairs)new SyntheticPairsOptions { Pairs = 40, Resolution = 16 }.Open(NoFiles);
        Assert.That(Enumerable.Range(0, protocol.ImageCount)
            .Select(image => PersonOf(protocol, image)), Is.All.GreaterThanOrEqualTo(SyntheticFace.FirstTestIdentity));
        var largest = typeof(SyntheticOptions).GetProperty(nameof(SyntheticOptions.Identities))!.GetCustomAttributes(false)
            .OfType<System.ComponentModel.DataAnnotations.RangeAttribute>().Single().Maximum;
        Assert.That((int)largest, Is.LessThan(SyntheticFace.FirstTestIdentity));
        Assert.That(protocol.Read(0).Rgb, Is.EqualTo(SyntheticFace.Paint(0, PersonOf(protocol, 0), PictureOf(protocol, 0), 0.5, 16).Rgb),
            "and the number decides the picture");
    }

    [Test]
    public void Impossible_numbers_are_refused_by_name()
    {
        Assert.That(() => new SyntheticPairsOptions { Pairs = 30 }.Open(NoFiles),
            Throws.TypeOf<DataProblem>().With.Message.Contains("multiple of 20"));
        Assert.That(() => new SyntheticOptions { LabelNoise = 0.5 }.Open(NoFiles),
            Throws.TypeOf<DataProblem>().With.Message.StartsWith("Synthetic: labelNoise = 0.5"));
        Assert.That(() => new SyntheticOptions { Identities = 1 }.Open(NoFiles),
            Throws.TypeOf<DataProblem>().With.Message.StartsWith("Synthetic: identities = 1"));
    }

    /// <summary>Raw pixels must do better than chance but not solve the task: 28 x 28 grey, mean removed, cosine, best threshold.</summary>
    [TestCase(0.1, 0.74, 0.88)]
    [TestCase(0.5, 0.58, 0.70)]
    [TestCase(1.0, 0.52, 0.63)]
    public void Raw_pixels_reach_an_accuracy_in_the_stated_band(double difficulty, double low, double high)
    {
        using var protocol = new SyntheticPairsOptions { Pairs = 1000, Difficulty = difficulty, Resolution = 28 }.Open(NoFiles);
        var raw = new double[protocol.ImageCount][];
        Parallel.For(0, raw.Length, i => raw[i] = Grey(protocol.Read(i)));
        var scores = protocol.Pairs.Select(pair => (Score: raw[pair.First].Zip(raw[pair.Second], (a, b) => a * b).Sum(), pair.Same))
            .OrderByDescending(s => s.Score).ToArray();
        var right = scores.Count(s => !s.Same);
        var best = right;
        foreach (var (_, same) in scores) best = Math.Max(best, right += same ? 1 : -1);
        TestContext.Out.WriteLine($"difficulty {difficulty}: raw accuracy {best / 1000.0:P1}");
        Assert.That(best / 1000.0, Is.InRange(low, high));
    }

    private static long PersonOf(SyntheticPairs protocol, int image) => long.Parse(protocol.PersonName(image).Split('-')[^1]);

    private static int PictureOf(SyntheticPairs protocol, int image) =>
        int.Parse(protocol.Locate(image).Split(' ')[^1]);

    private static double[] Grey(FaceImage image)
    {
        var grey = Enumerable.Range(0, image.Width * image.Height)
            .Select(i => 0.299 * image.Rgb[3 * i] + 0.587 * image.Rgb[3 * i + 1] + 0.114 * image.Rgb[3 * i + 2]).ToArray();
        var mean = grey.Average();
        var length = Math.Sqrt(grey.Sum(g => (g - mean) * (g - mean)));
        return [.. grey.Select(g => (g - mean) / length)];
    }
}

using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Harness.Images;
using Ablation.Harness.Protocols;
using Ablation.Harness.Provenance;

namespace Ablation.Tests.Provenance;

/// <summary>The same data have the same fingerprint in every folder; other data have another.</summary>
public sealed class DataFingerprintTests
{
    [Test]
    public void Folder_and_file_times_do_not_count()
    {
        using var folder = new TemporaryFolder();
        var (here, there) = (folder.File("here"), folder.File(Path.Combine("there", "deeper")));
        foreach (var place in new[] { here, there }) Faces(place, 3, 4);
        foreach (var file in Directory.GetFiles(there, "*", SearchOption.AllDirectories))
            File.SetLastWriteTimeUtc(file, new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc));
        Assert.That(Print(there), Is.EqualTo(Print(here)).And.Length.EqualTo(64));
    }

    [Test]
    public void A_changed_picture_a_missing_one_and_another_class_change_it()
    {
        using var folder = new TemporaryFolder();
        var (plain, pixel, fewer, moved) = (folder.File("plain"), folder.File("pixel"), folder.File("fewer"), folder.File("moved"));
        foreach (var place in new[] { plain, pixel, fewer, moved }) Faces(place, 3, 4);
        var changed = Path.Combine(pixel, "person-1", "2.ppm");
        var bytes = File.ReadAllBytes(changed);
        bytes[^1] ^= 1;
        File.WriteAllBytes(changed, bytes);
        File.Delete(Path.Combine(fewer, "person-2", "3.ppm"));
        File.Move(Path.Combine(moved, "person-1", "0.ppm"), Path.Combine(moved, "person-0", "9.ppm"));
        Assert.That(new[] { plain, pixel, fewer, moved }.Select(Print), Is.Unique);
    }

    [Test]
    public void Of_a_small_set_every_label_and_picture_counts()
    {
        var plain = new ListedFaces(50);
        var prints = new List<string> { DataFingerprint.Compute(plain) };
        for (var i = 0; i < 50; i++) prints.Add(DataFingerprint.Compute(new ListedFaces(50) { OtherPicture = i }));
        for (var i = 0; i < 50; i++) prints.Add(DataFingerprint.Compute(new ListedFaces(50) { OtherLabel = i }));
        prints.Add(DataFingerprint.Compute(new ListedFaces(51)));
        prints.Add(DataFingerprint.Compute(new ListedFaces(50) { Classes = 8 }));
        Assert.That(prints, Is.Unique);
    }

    [Test]
    public void Of_a_large_set_an_evenly_spread_sample_is_read()
    {
        var faces = new ListedFaces(1_000_000);
        var print = DataFingerprint.Compute(faces);
        Assert.Multiple(() =>
        {
            Assert.That(faces.Read0, Has.Count.EqualTo(DataFingerprint.Pictures));
            Assert.That(faces.Labels0, Has.Count.EqualTo(DataFingerprint.Labels));
            Assert.That(faces.Read0.Zip(faces.Read0.Skip(1), (a, b) => b - a), Is.All.InRange(15_624, 15_626), "evenly");
            Assert.That(faces.Read0[^1], Is.GreaterThan(980_000));
        });
        Assert.That(DataFingerprint.Compute(new ListedFaces(1_000_000) { OtherPicture = 1 }), Is.EqualTo(print), "outside the sample");
        Assert.That(DataFingerprint.Compute(new ListedFaces(1_000_000) { OtherPicture = faces.Read0[1] }), Is.Not.EqualTo(print));
        Assert.That(DataFingerprint.Compute(new ListedFaces(1_000_000) { OtherLabel = faces.Labels0[1] }), Is.Not.EqualTo(print));
    }

    [Test]
    public void A_picture_that_cannot_be_read_changes_it()
    {
        var broken = new ListedFaces(50) { Bad = 7 };
        Assert.That(DataFingerprint.Compute(broken),
            Is.EqualTo(DataFingerprint.Compute(new ListedFaces(50) { Bad = 7 })).And.Not.EqualTo(
                DataFingerprint.Compute(new ListedFaces(50))));
    }

    [Test]
    public void Pairs_folds_and_pictures_of_a_test_count_too()
    {
        var options = new SyntheticPairsOptions { Pairs = 40, Folds = 2, Resolution = 16 };
        SyntheticPairsOptions[] all = [options, options with { Pairs = 44 }, options with { Folds = 1 }, options with { Seed = 1 },
            options with { Difficulty = 0.1 }];
        Assert.That(all.Select(Of), Is.Unique);
        Assert.That(Of(options), Is.EqualTo(Of(options with { })));

        static string Of(SyntheticPairsOptions options)
        {
            using var test = options.Open(new DataRoot("."));
            return DataFingerprint.Compute(test);
        }
    }

    private static void Faces(string folder, int people, int each)
    {
        for (var person = 0; person < people; person++)
        {
            var own = Directory.CreateDirectory(Path.Combine(folder, $"person-{person}")).FullName;
            for (var i = 0; i < each; i++)
            {
                byte[] head = "P6\n16 16\n255\n"u8.ToArray();
                File.WriteAllBytes(Path.Combine(own, $"{i}.ppm"), [.. head, .. Enumerable.Repeat((byte)(10 * person + i), 3 * 16 * 16)]);
            }
        }
    }

    private static string Print(string folder)
    {
        using var source = new FolderOptions { Path = folder }.Open(new DataRoot("."));
        return DataFingerprint.Compute(source);
    }

    /// <summary>Tiny faces that record which of them were read.</summary>
    private sealed class ListedFaces(int count) : FaceSource
    {
        public int Classes { get; init; } = 7;

        public int OtherPicture { get; init; } = -1;

        public int OtherLabel { get; init; } = -1;

        public int Bad { get; init; } = -1;

        public List<int> Read0 { get; } = [];

        public List<int> Labels0 { get; } = [];

        public override string Name => "listed";

        public override int Count => count;

        public override int Identities => Classes;

        public override LabelledFace Read(int index)
        {
            Read0.Add(index);
            if (index == Bad) throw new DataProblem(Locate(index), "is damaged", "mend it");
            return new LabelledFace(new FaceImage(1, 1, [(byte)index, (byte)(index >> 8), (byte)(index == OtherPicture ? 1 : 0)]), 0);
        }

        public override int IdentityOf(int index)
        {
            Labels0.Add(index);
            return index == OtherLabel ? 6 : index % 6;
        }

        public override string Locate(int index) => $"face {index}";
    }
}

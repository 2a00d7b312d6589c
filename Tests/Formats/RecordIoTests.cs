using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Harness.Images;
using Ablation.Tests.Images;

namespace Ablation.Tests.Formats;

[Parallelizable]
public sealed class RecordIoTests
{
    private static readonly int[] Labels = [0, 0, 1, 2, 2, 2];
    private TemporaryFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    private static byte[] Face(int seed) => Pictures.Png(Pictures.Of(seed));

    private RecordIoSource Open(string path = ".") => (RecordIoSource)new RecordIoOptions { Path = path }.Open(new DataRoot(folder.Path));

    private static void AssertReads(FaceSource source, int[] labels, Func<int, int> seed)
    {
        Assert.That(source.Count, Is.EqualTo(labels.Length));
        for (var i = labels.Length - 1; i >= 0; i--)
        {
            var face = source.Read(i);
            Assert.That(face.Image.Rgb, Is.EqualTo(Pictures.Of(seed(i)).Rgb), $"image {i}");
            Assert.That((face.Identity, source.IdentityOf(i)), Is.EqualTo((labels[i], labels[i])), $"image {i}");
        }
    }

    [Test]
    public void A_pack_with_a_header_gives_its_images_without_the_identity_records()
    {
        RecordIoWriter.WithHeader(Labels, Face).Save(folder.Path, property: "3,10,12\n");
        using var source = Open();
        Assert.That((source.Identities, source.Name), Is.EqualTo((3, Path.GetFileName(folder.Path))));
        AssertReads(source, Labels, i => i);
        Assert.That(() => source.Read(Labels.Length), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(source.Locate(0), Does.EndWith("train.rec@40")); // the header record is 8 + 32 bytes
    }

    [Test]
    public void Without_a_property_file_the_identity_records_are_counted()
    {
        RecordIoWriter.WithHeader(Labels, Face).Save(folder.Path, backwards: true);
        using var source = Open();
        Assert.That(source.Identities, Is.EqualTo(3));
        AssertReads(source, Labels, i => i);
    }

    [Test]
    public void Without_a_header_every_key_is_an_image_in_the_order_of_the_keys()
    {
        var pack = new RecordIoWriter();
        foreach (var key in new[] { 4, 0, 2, 5, 1, 3 }) pack.Image(key, Labels[key], Face(key));
        pack.Save(folder.Path, "faces");
        using var source = Open("faces.rec");
        Assert.That((source.Identities, source.Name), Is.EqualTo((3, "faces")));
        AssertReads(source, Labels, key => key);
    }

    [Test]
    public void Labels_may_be_arrays_even_in_record_0()
    {
        var pack = new RecordIoWriter();
        for (var key = 0; key < Labels.Length; key++) pack.Image(key, [Labels[key], 77, 78], Face(key));
        pack.Save(folder.Path);
        using var source = Open();
        AssertReads(source, Labels, key => key);
    }

    [Test]
    public void A_split_record_gets_its_magic_words_back()
    {
        // pixels that are the magic word, twice in a row and once more: parts of all kinds, one of them empty
        var image = Pictures.Ppm(Pictures.Of(4));
        foreach (var at in new[] { 80, 84, 120 }) BitConverter.GetBytes(RecordIoWriter.Magic).CopyTo(image, at);
        new RecordIoWriter().Image(0, 0, Face(0)).Image(1, 1, image).Image(2, [1], image).Save(folder.Path);
        using var source = Open();
        var plain = ImageDecoder.Decode(image, "here");
        for (var i = 1; i <= 2; i++)
        {
            Assert.That(source.Read(i).Image.Rgb, Is.EqualTo(plain.Rgb));
            Assert.That(source.IdentityOf(i), Is.EqualTo(1));
        }

        Assert.That(FlagsAfter(1), Is.EqualTo(new[] { 1, 2, 2, 3, 1, 2, 2, 3 })); // the premise: the record is split
    }

    /// <summary>Returns the flags of all parts after the first <paramref name="parts"/>.</summary>
    private List<int> FlagsAfter(int parts)
    {
        var pack = File.ReadAllBytes(folder.File("train.rec"));
        var flags = new List<int>();
        for (var at = 0; at < pack.Length; at += 8 + (int)(BitConverter.ToUInt32(pack, at + 4) & 0x1fffffff) + 3 & ~3)
            flags.Add(pack[at + 7] >> 5);
        return flags[parts..];
    }

    [Test]
    public void A_split_head_is_joined_before_the_label_is_read()
    {
        // an array label that is the magic word: its part ends inside the head
        var word = BitConverter.ToSingle(BitConverter.GetBytes(RecordIoWriter.Magic));
        new RecordIoWriter().Image(0, 0, Face(0)).Image(1, [1, word, 5], Face(1)).Save(folder.Path);
        using var source = Open();
        AssertReads(source, [0, 1], i => i);
    }

    [Test]
    public void Images_larger_than_the_first_read_are_complete()
    {
        var large = Pictures.Of(7, 200, 160);
        new RecordIoWriter().Image(0, 0, Pictures.Ppm(large)).Image(1, 0, Pictures.Ppm(large)).Save(folder.Path);
        using var source = Open();
        Assert.That(source.Read(0).Image.Rgb.AsSpan().SequenceEqual(large.Rgb), Is.True);
        Assert.That(source.Read(1).Image.Rgb.AsSpan().SequenceEqual(large.Rgb), Is.True);
    }

    [Test]
    public void Many_threads_read_what_one_reads()
    {
        var labels = Enumerable.Range(0, 60).Select(i => i / 4).ToArray();
        RecordIoWriter.WithHeader(labels, Face).Save(folder.Path);
        using var source = Open();
        Parallel.For(0, 2000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, n =>
        {
            var i = n * 37 % labels.Length;
            var face = source.Read(i);
            var right = face.Identity == labels[i] && face.Image.Rgb.AsSpan().SequenceEqual(Pictures.Of(i).Rgb);
            if (!right) throw new InvalidDataException($"image {i}");
        });
    }

    [Test]
    public void Opening_a_million_images_reads_no_image()
    {
        const int images = 1_000_000, identities = 10_000;
        const long spacing = 8_000;
        var head = new RecordIoWriter().Header(images + 1, images + 1 + identities).Bytes;
        var last = new RecordIoWriter().Image(images + identities, [1, 2], []).Bytes;
        using (var pack = new FileStream(folder.File("train.rec"), FileMode.CreateNew))
        {
            pack.Write(head);
            pack.Position = spacing * (images + identities); // 8 GB, sparse
            pack.Write(last);
        }

        using (var index = new StreamWriter(folder.File("train.idx")) { NewLine = "\n" })
        {
            for (var key = images + identities; key >= 0; key--) index.WriteLine($"{key}\t{key * spacing}");
        }

        using var source = Open();
        Assert.That((source.Count, source.Identities), Is.EqualTo((images, identities)));
        Assert.That(source.Locate(images - 1), Does.EndWith($"@{images * spacing}"));
        Assert.That(() => source.Read(5),
            Throws.TypeOf<DataProblem>().With.Message.Contains($"train.rec@{6 * spacing}: no record starts here"));
    }

    [Test, Explicit("writes an index of 200 MB")]
    public void A_header_beyond_float32_precision_is_corrected_from_the_records()
    {
        const int images = (1 << 24) + 1; // the header's label should be 2^24 + 2; it says 2^24 + 4, the next float but one
        var pack = new RecordIoWriter().Header(images + 3, images + 4).Image(1, 0, Face(1)).Image(images + 1, [1, 2], []);
        File.WriteAllBytes(folder.File("train.rec"), pack.Bytes);
        using (var index = new StreamWriter(folder.File("train.idx")) { NewLine = "\n" })
        {
            for (var key = 0; key <= images + 1; key++)
                index.WriteLine($"{key}\t{pack.Index[key == 0 ? 0 : key <= images ? 1 : 2].Offset}");
        }

        using var source = Open();
        Assert.That((source.Count, source.Identities), Is.EqualTo((images, 1)));
    }
}

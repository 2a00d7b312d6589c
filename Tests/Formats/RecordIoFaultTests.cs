using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Tests.Images;

namespace Ablation.Tests.Formats;

/// <summary>Every damage to a pack is refused with its place.</summary>
public sealed class RecordIoFaultTests
{
    private static readonly int[] Labels = [0, 0, 1, 1];
    private TemporaryFolder folder = null!;
    private RecordIoWriter pack = null!;

    [SetUp]
    public void MakePack()
    {
        folder = new TemporaryFolder();
        pack = RecordIoWriter.WithHeader(Labels, seed => Pictures.Jpeg(Pictures.Smooth(seed)));
        pack.Save(folder.Path);
    }

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    private FaceSource Open() => new RecordIoOptions { Path = "." }.Open(new DataRoot(folder.Path));

    private void Damage(long at, params byte[] bytes)
    {
        using var file = new FileStream(folder.File("train.rec"), FileMode.Open);
        file.Position = at;
        file.Write(bytes);
    }

    private long OffsetOf(int key) => pack.Index.Single(line => line.Key == key).Offset;

    private void RefusesImage(int image, string what)
    {
        using var source = Open();
        var problem = Assert.Throws<DataProblem>(() => source.Read(image));
        Assert.That(problem!.Where, Does.EndWith($"train.rec@{OffsetOf(image + 1)}"));
        Assert.That(problem.Message, Does.Contain(what));
        for (var other = 0; other < source.Count; other++)
        {
            if (other != image) Assert.That(source.Read(other).Identity, Is.EqualTo(Labels[other]));
        }
    }

    [Test]
    public void A_wrong_magic()
    {
        Damage(OffsetOf(2), 0x0b);
        RefusesImage(1, "0xced7230b");
    }

    [Test]
    public void A_flag_beyond_three()
    {
        Damage(OffsetOf(2) + 7, 0x80);
        RefusesImage(1, "flag is 4");
    }

    [TestCase(0x40, "part 2")]
    [TestCase(0x60, "part 3")]
    public void A_record_that_starts_with_a_continuation(byte flag, string what)
    {
        Damage(OffsetOf(2) + 7, flag);
        RefusesImage(1, what);
    }

    [Test]
    public void A_split_record_without_a_continuation()
    {
        Damage(OffsetOf(2) + 7, 0x20);
        using var source = Open();
        var problem = Assert.Throws<DataProblem>(() => source.Read(1));
        Assert.That(problem!.Where, Does.EndWith($"train.rec@{OffsetOf(3)}"));
        Assert.That(problem.Message, Does.Contain($"the record at {OffsetOf(2)}"));
    }

    [Test]
    public void A_length_beyond_the_file_allocates_nothing()
    {
        Damage(OffsetOf(2) + 4, 0xff, 0xff, 0xff, 0x1f); // half a gigabyte
        var before = GC.GetAllocatedBytesForCurrentThread();
        RefusesImage(1, "cut off");
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(4 << 20));
    }

    [Test]
    public void A_label_count_beyond_the_record()
    {
        Damage(OffsetOf(2) + 8, 0xff, 0xff, 0xff, 0xff);
        RefusesImage(1, "4294967295 labels");
    }

    [TestCase(2f)]
    [TestCase(-1f)]
    [TestCase(0.5f)]
    [TestCase(float.NaN)]
    [TestCase(float.PositiveInfinity)]
    public void A_label_that_is_not_a_class(float label)
    {
        Damage(OffsetOf(2) + 12, BitConverter.GetBytes(label));
        RefusesImage(1, "not a class from 0 to 1");
    }

    [Test]
    public void A_damaged_jpeg()
    {
        Damage(OffsetOf(2) + 8 + 24, 0, 0, 0, 0);
        RefusesImage(1, "not a JPEG");
    }

    [Test]
    public void A_record_without_an_image()
    {
        Damage(OffsetOf(2) + 4, 24, 0, 0, 0);
        RefusesImage(1, "no bytes");
    }

    [Test]
    public void A_record_too_short_for_a_label()
    {
        Damage(OffsetOf(2) + 4, 20, 0, 0, 0);
        RefusesImage(1, "20 bytes has no label");
    }

    [Test]
    public void A_file_truncated_anywhere_does_not_open()
    {
        var whole = pack.Bytes;
        for (var length = 0; length < whole.Length; length += 1 + whole.Length / 61)
        {
            File.WriteAllBytes(folder.File("train.rec"), whole[..length]);
            Assert.That(Open, Throws.TypeOf<DataProblem>().With.Message.Contains("cut off"), $"{length} of {whole.Length}");
        }

        File.WriteAllBytes(folder.File("train.rec"), whole[..^1]);
        Assert.That(Open, Throws.TypeOf<DataProblem>());
    }

    [Test]
    public void Flipped_bits_give_a_face_or_an_error_and_nothing_else()
    {
        var random = new Random(11);
        var whole = pack.Bytes;
        for (var trial = 0; trial < 300; trial++)
        {
            var damaged = (byte[])whole.Clone();
            var record = (int)OffsetOf(random.Next(7));
            damaged[Math.Min(damaged.Length - 1, record + random.Next(60))] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(folder.File("train.rec"), damaged);
            try
            {
                using var source = Open();
                for (var i = 0; i < source.Count; i++) Assert.That(source.Read(i).Identity, Is.InRange(0, source.Identities - 1));
            }
            catch (DataProblem problem)
            {
                Assert.That(problem.Where, Does.Contain("train."));
            }
        }
    }

    [TestCase("0\t0\n1\t40\n1\t40\n", 3, "key 1 stands on line 2")]
    [TestCase("0\t0\nx\t40\n", 2, "not a key")]
    [TestCase("0\t0\n1 40\n", 2, "not a key")]
    [TestCase("0\t0\n1\t\n", 2, "not a key")]
    [TestCase("0\t0\n1\t40\t7\n", 2, "not a key")]
    [TestCase("0\t0\n1\t-40\n", 2, "not a key")]
    [TestCase("0\t0\n99999999999\t40\n", 2, "too large")]
    [TestCase("0\t0\n1\t4000000000000000000000\n", 2, "not a key")]
    [TestCase("0\t0\n1\t", 2, "cut off")]
    public void A_bad_index_is_refused_with_its_line(string text, int line, string what)
    {
        File.WriteAllText(folder.File("train.idx"), text);
        var problem = Assert.Throws<DataProblem>(() => Open());
        Assert.That(problem!.Where, Does.EndWith($"train.idx({line})"));
        Assert.That(problem.Message, Does.Contain(what));
    }

    [TestCase("", "empty")]
    [TestCase("0\t0\n1\t40\n2\t9999999\n", "key 2 lies at byte 9999999")]
    [TestCase("0\t0\n1\t40\n3\t40\n4\t40\n5\t40\n6\t40\n", "lacks key 2")]
    [TestCase("0\t0\n1\t40\n", "lacks key 2")]
    public void An_index_that_does_not_fit_the_pack_is_refused(string text, string what)
    {
        File.WriteAllText(folder.File("train.idx"), text);
        Assert.That(Open, Throws.TypeOf<DataProblem>().With.Message.Contains(what));
    }

    [TestCase("train.rec", "no .rec file")]
    [TestCase("train.idx", "train.idx: no such file")]
    public void A_missing_file_is_named(string name, string what)
    {
        File.Delete(folder.File(name));
        Assert.That(Open, Throws.TypeOf<DataProblem>().With.Message.Contains(what));
    }

    [Test]
    public void A_bad_property_file_is_named()
    {
        File.WriteAllText(folder.File("property"), "many,112,112");
        Assert.That(Open, Throws.TypeOf<DataProblem>().With.Message.Contains("property(1)"));
    }

    [Test]
    public void An_image_of_another_size_than_in_the_property_file_is_named()
    {
        File.WriteAllText(folder.File("property"), "3,96,96");
        using var source = Open();
        Assert.That(() => source.Read(0),
            Throws.TypeOf<DataProblem>(
                ).With.Message.Contains("train.rec@").And.Message.Contains("the image is 32 x 24 pixels, the property file says 96 x 96"));
    }

    [Test]
    public void A_gap_in_the_labels_of_a_pack_without_header_is_named()
    {
        new RecordIoWriter().Image(0, 0, Pictures.Png(Pictures.Of(1))).Image(1, 2, Pictures.Png(Pictures.Of(2))).Save(folder.Path);
        Assert.That(Open, Throws.TypeOf<DataProblem>().With.Message.Contains("no image has label 1"));
        File.WriteAllText(folder.File("property"), "3,112,112");
        using var source = Open();
        Assert.That(source.Identities, Is.EqualTo(3));
    }

    [Test]
    public void Several_packs_in_a_folder_are_listed()
    {
        File.Move(folder.File("train.rec"), folder.File("a.rec"));
        File.Copy(folder.File("a.rec"), folder.File("b.rec"));
        Assert.That(Open, Throws.TypeOf<DataProblem>().With.Message.Contains("a.rec, b.rec"));
    }
}

using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Harness.Inspection;
using Ablation.Harness.Protocols;
using Ablation.Tests.Images;

namespace Ablation.Tests.Protocols;

/// <summary>What <c>data pack</c> writes reads back as what it was made from.</summary>
[Parallelizable]
public sealed class DataPackTests
{
    private static readonly string[] People = ["Anna", "Bert", "Cléo"];
    private TemporaryFolder folder = null!;

    [SetUp]
    public void Make()
    {
        folder = new TemporaryFolder();
        for (var image = 0; image < 6; image++) Put($"faces/{People[image % 3]}/{image}.png", Pictures.Png(Pictures.Of(image)));
    }

    [TearDown]
    public void Remove() => folder.Dispose();

    [Test]
    public void A_folder_becomes_a_pack_with_the_bytes_of_its_files()
    {
        var made = Pack("faces", "pack");
        Assert.That((made.Images, made.Groups, made.Copied), Is.EqualTo((6, 3, 6)));
        Same("faces", "pack", 6);
        var records = File.ReadAllBytes(folder.File("pack/train.rec"));
        var file = File.ReadAllBytes(folder.File("faces/Anna/0.png"));
        Assert.That(records.AsSpan().IndexOf(file), Is.GreaterThan(0), "not encoded anew");
        Assert.That(File.ReadAllText(folder.File("pack/identities.tsv")), Is.EqualTo("0\tAnna\n1\tBert\n2\tCléo\n"));
        var picture = Pictures.Of(0);
        Assert.That(File.ReadAllText(folder.File("pack/property")), Is.EqualTo($"3,{picture.Height},{picture.Width}\n"));
    }

    [Test]
    public void Without_its_property_file_the_pack_says_the_same()
    {
        Pack("faces", "pack");
        File.Delete(folder.File("pack/property"));
        Same("faces", "pack", 6);
    }

    [Test]
    public void A_list_in_any_order_is_packed_identity_by_identity()
    {
        File.WriteAllLines(folder.File("list.tsv"),
            Enumerable.Range(0, 6).Select(image => $"faces/{People[image % 3]}/{image}.png\t{image % 3}"));
        Pack("list.tsv", "pack");
        using var pack = new RecordIoOptions { Path = folder.File("pack") }.Open(new DataRoot("."));
        Assert.That(Enumerable.Range(0, 6).Select(pack.IdentityOf), Is.EqualTo(new[] { 0, 0, 1, 1, 2, 2 }));
        Assert.That(pack.Read(1).Image.Rgb, Is.EqualTo(Pictures.Of(3).Rgb));
        pack.CheckClasses();
    }

    [Test]
    public void An_image_whose_bytes_hold_the_mark_of_a_record_is_split_and_joined()
    {
        byte[] jpeg = [.. Pictures.Png(Pictures.Of(9)), .. new byte[3], 0x0a, 0x23, 0xd7, 0xce, 0x0a, 0x23, 0xd7, 0xce, 1, 2];
        for (var shift = 0; shift < 4; shift++) // one of them is at a multiple of four
            Put($"faces/Anna/x{shift}.png", [.. jpeg[..^10], .. new byte[shift], .. jpeg[^10..]]);
        Pack("faces", "pack");
        Same("faces", "pack", 10);
    }

    [Test]
    public void Images_of_other_sizes_need_a_size_and_become_squares()
    {
        Put("faces/Anna/large.png", Pictures.Png(Harness.Images.Resample.Area(Pictures.Of(7), 30, 20)));
        Assert.That(() => Pack("faces", "pack"), Throws.TypeOf<DataProblem>().With.Message.Contains("large.png")
            .And.Message.Contains("30 x 20 pixels").And.Message.Contains("--size"));
        var made = Pack("faces", "sized", 16);
        Assert.That((made.Width, made.Height, made.Copied), Is.EqualTo((16, 16, 0)));
        using var pack = new RecordIoOptions { Path = folder.File("sized") }.Open(new DataRoot("."));
        Assert.That(Enumerable.Range(0, pack.Count).Select(image => pack.Read(image).Image.Width), Is.All.EqualTo(16));
    }

    [Test]
    public void A_list_of_pairs_becomes_a_bin_with_the_same_pairs_and_folds()
    {
        var lines = Enumerable.Range(0, 20).Select(i => $"{Name(i % 6)}\t{Name((i + (i % 2 == 0 ? 3 : 1)) % 6)}\t{(i % 2 == 0 ? 1 : 0)}");
        File.WriteAllLines(folder.File("pairs.txt"), lines);
        using var list = new PairListOptions { Path = folder.File("pairs.txt"), Root = folder.File("faces") }.Open(new DataRoot("."));
        var made = new DataPack(null, Write).Write(list, folder.File("own.bin"), default);
        Assert.That((made.Groups, made.Images, made.Copied), Is.EqualTo((20, 40, 40)));
        using var bin = new VerificationBinOptions { Path = folder.File("own.bin") }.Open(new DataRoot("."));
        Assert.That(bin.Pairs.Select(pair => (pair.Same, pair.Fold)), Is.EqualTo(list.Pairs.Select(pair => (pair.Same, pair.Fold))));
        foreach (var (ours, theirs) in bin.Pairs.Zip(list.Pairs))
        {
            Assert.That(bin.Read(ours.First).Rgb, Is.EqualTo(list.Read(theirs.First).Rgb));
            Assert.That(bin.Read(ours.Second).Rgb, Is.EqualTo(list.Read(theirs.Second).Rgb));
        }

        static string Name(int image) => $"{People[image % 3]}/{image}.png";
    }

    [Test]
    public void A_damaged_image_ends_it_and_leaves_no_pack()
    {
        Put("faces/Bert/broken.png", [1, 2, 3]);
        Assert.That(() => Pack("faces", "pack"), Throws.TypeOf<DataProblem>().With.Message.Contains("broken.png"));
        Assert.That(Directory.Exists(folder.File("pack")) && Directory.EnumerateFiles(folder.File("pack")).Any(), Is.False);
    }

    private PackSummary Pack(string from, string to, int? size = null)
    {
        using var source = DataPath.Guess(folder.File(from)).Source!.Open(new DataRoot("."));
        return new DataPack(size, Write).Write(source, folder.File(to), default);
    }

    private static void Write(string file, Action<Stream> write) => Ablation.Experiments.Store.AtomicFile.Write(file, write);

    /// <summary>Asserts that a pack has the images of a folder, which are in order of their identities.</summary>
    private void Same(string faces, string pack, int count)
    {
        using var source = new FolderOptions { Path = folder.File(faces) }.Open(new DataRoot("."));
        using var packed = new RecordIoOptions { Path = folder.File(pack) }.Open(new DataRoot("."));
        Assert.That((packed.Count, packed.Identities), Is.EqualTo((count, source.Identities)));
        for (var i = 0; i < count; i++)
        {
            Assert.That(packed.Read(i).Image.Rgb, Is.EqualTo(source.Read(i).Image.Rgb), $"image {i}");
            Assert.That(packed.IdentityOf(i), Is.EqualTo(source.IdentityOf(i)));
        }
    }

    private void Put(string name, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder.File(name))!);
        File.WriteAllBytes(folder.File(name), bytes);
    }
}

using Ablation.Harness.Faces;
using Ablation.Harness.Faces.Synthetic;
using Ablation.Harness.Protocols;
using Ablation.Tests.Formats;
using Ablation.Tests.Images;

namespace Ablation.Tests.Protocols;

/// <summary>People and pictures shared by training and test are found; without names nothing is claimed.</summary>
[Parallelizable]
public sealed class DataOverlapTests
{
    private TemporaryFolder folder = null!;

    [SetUp]
    public void Make()
    {
        folder = new TemporaryFolder();
        foreach (var (name, seed) in new[] { ("train/Ann_Lee", 1), ("train/bob o'neil", 2), ("train/003", 3), ("test/ann lee", 4),
            ("test/Cid", 5), ("test/Bob_ONeil", 6), ("numbers/001", 7), ("numbers/002", 8) })
            Write($"{name}/1.png", seed);
    }

    [TearDown]
    public void Remove() => folder.Dispose();

    [Test]
    public void Names_are_compared_independently_of_their_spelling()
    {
        var overlap = Of("train", "test");
        Assert.That((overlap.Identities, overlap.Images), Is.EqualTo((2, 0)));
        Assert.That(overlap.Examples, Is.EqualTo(new[] { "Bob_ONeil", "ann lee" }));
        Assert.That(overlap.Warning(), Is.EqualTo("WARNING: 2 identities of this test are also in the training set (Bob_ONeil, ann lee)."));
    }

    [Test]
    public void Numbers_are_not_names_unless_a_list_maps_them()
    {
        Assert.That(Of("numbers", "test").Identities, Is.Null);
        Assert.That(Of("numbers", "test").Warning(), Is.Null, "nothing is claimed");
        File.WriteAllText(folder.File("list_name.txt"), "Cid\nDora\n");
        var overlap = Of("numbers", "test");
        Assert.That(overlap.Identities, Is.EqualTo(1));
        Assert.That(overlap.Examples, Is.EqualTo(new[] { "Cid" }));
    }

    [Test]
    public void A_shared_picture_is_found_by_its_file()
    {
        File.WriteAllText(folder.File("list.tsv"), "numbers/001/1.png\t0\nnumbers/002/1.png\t1\n");
        using var list = new SplitListOptions { Path = "list.tsv" }.Open(new DataRoot(folder.Path));
        using var test = new SourceImages(new FolderOptions { Path = "numbers" }.Open(new DataRoot(folder.Path)));
        var overlap = DataOverlap.Find(list, test);
        Assert.That((overlap.Identities, overlap.Images), Is.EqualTo(((int?)null, 2)));
        Assert.That(overlap.Warning(), Does.StartWith("WARNING: 2 images of this test"));
    }

    [Test]
    public void Synthetic_training_people_are_not_those_of_tests()
    {
        using var training = new SyntheticOptions { Identities = 50, ImagesPerIdentity = 2, Resolution = 32 }.Open(new DataRoot("."));
        using var pairs = new SyntheticPairsOptions { Pairs = 40, Resolution = 32 }.Open(new DataRoot("."));
        var overlap = DataOverlap.Find(training, pairs);
        Assert.That((overlap.Identities, overlap.Images, overlap.IsAny), Is.EqualTo((0, 0, false)));
        using var same = new SourceImages(new SyntheticOptions
        {
            Identities = 60,
            ImagesPerIdentity = 1,
            Resolution = 32
        }.Open(new DataRoot(".")));
        Assert.That((DataOverlap.Find(training, same).Identities, DataOverlap.Find(training, same).Images), Is.EqualTo((50, 50)));
    }

    [TestCase("n00000{0}", TestName = "ids with a letter")]
    [TestCase("m.0ab{0}c", TestName = "ids with a point")]
    [TestCase("person {0}", TestName = "numbered persons")]
    public void Ids_of_a_set_say_nothing_of_another_and_much_of_the_same(string id)
    {
        foreach (var part in new[] { 1, 2 }) Write($"ids/{id.Replace("{0}", $"{part}", StringComparison.Ordinal)}/1.png", 10 + part);
        Write($"again/{id.Replace("{0}", "2", StringComparison.Ordinal)}/1.png", 20);
        Assert.That(Of("ids", "test").Identities, Is.Null);
        Assert.That(Of("ids", "again").Identities, Is.EqualTo(1));
    }

    [Test]
    public void Copies_are_found_where_the_bytes_are_compared()
    {
        Write("copies/001/9.png", 4); // as test/ann lee
        Write("copies/002/9.png", 77);
        Assert.That(Of("copies", "test").Images, Is.Zero, "other files");
        var overlap = Of("copies", "test", byContent: true);
        Assert.That((overlap.Images, overlap.Examples), Is.EqualTo((1, new[] { "ann lee/1.png" })));
        File.WriteAllText(folder.File("mixed.tsv"), "copies/001/9.png\t0\ntest/Cid/1.png\t1\n");
        using var mixed = new SplitListOptions { Path = "mixed.tsv" }.Open(new DataRoot(folder.Path));
        using var test = new SourceImages(new FolderOptions { Path = "test" }.Open(new DataRoot(folder.Path)));
        Assert.That(DataOverlap.Find(mixed, test, byContent: true).Images, Is.EqualTo(2), "a copy and the file itself");
        byte[][] images = [Pictures.Png(Pictures.Of(77)), Pictures.Png(Pictures.Of(78))];
        File.WriteAllBytes(folder.File("own.bin"), PickleWriter.File(3, images, [false], PickleWriter.Python3Bytes));
        using var bin = new VerificationBinOptions { Path = "own.bin" }.Open(new DataRoot(folder.Path));
        using var copies = new FolderOptions { Path = "copies" }.Open(new DataRoot(folder.Path));
        Assert.That(DataOverlap.Find(copies, bin).Images, Is.Null, "a file and bytes");
        Assert.That(DataOverlap.Find(copies, bin, byContent: true).Images, Is.EqualTo(1));
    }

    [Test]
    public void The_real_lists_are_disjoint_as_documented()
    {
        var root = new DataRoot(RealData.Path("."));
        using var lfw = new LfwPairsOptions
        {
            Images = RealData.Path("lfw112/Images"),
            Pairs = RealData.Path("lfw112/protocol/pairs.txt")
        }.Open(root);
        using var cfp = new CfpOptions { Root = RealData.Path("cfp112"), Protocol = CfpProtocol.FF }.Open(root);
        using var train = new SplitListOptions { Path = RealData.Path("splits/train_cfp_not_in_lfw.tsv") }.Open(root);
        Assert.That(DataOverlap.Find(train, lfw).Identities, Is.Zero);
        var onItself = DataOverlap.Find(train, cfp);
        Assert.That(onItself.Identities, Is.EqualTo(324));
        Assert.That(onItself.Images, Is.GreaterThan(2000));
        using var other = new SplitListOptions { Path = RealData.Path("splits/train_lfw_view1_devtrain_ge3.tsv") }.Open(root);
        var shared = DataOverlap.Find(other, cfp);
        Assert.That(shared.Identities, Is.GreaterThan(50), "its people were not chosen to be disjoint from CFP");
        Assert.That(shared.Images, Is.Zero);
    }

    private DataOverlap Of(string training, string test, bool byContent = false)
    {
        using var source = new FolderOptions { Path = training }.Open(new DataRoot(folder.Path));
        using var images = new SourceImages(new FolderOptions { Path = test }.Open(new DataRoot(folder.Path)));
        return DataOverlap.Find(source, images, byContent);
    }

    private void Write(string path, int seed)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder.File(path))!);
        File.WriteAllBytes(folder.File(path), Pictures.Png(Pictures.Of(seed)));
    }
}

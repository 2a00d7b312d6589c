using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Harness.Inspection;
using Ablation.Harness.Protocols;
using Ablation.Tests.Images;

namespace Ablation.Tests.Foundations;

/// <summary>A name is the same in every Unicode form that a list or a disk uses.</summary>
public sealed class NamesTests
{
    private const string Composed = "Jos\u00e9_Mu\u00f1oz", Decomposed = "Jose\u0301_Mun\u0303oz";
    private TemporaryFolder folder = null!;

    [SetUp]
    public void Make() => folder = new TemporaryFolder();

    [TearDown]
    public void Remove() => folder.Dispose();

    [TestCase("Zo\u00eb", "Zoe\u0308")]
    [TestCase("Nguy\u1ec5n", "Nguye\u0302\u0303n")] // one letter, two marks
    [TestCase("\u1ec7", "e\u0302\u0323")] // marks in a non-canonical order
    [TestCase("\uac01\uae40", "\u1100\u1161\u11a8\u1100\u1175\u11b7")] // Hangul with and without a tail
    [TestCase("\u0419", "\u0418\u0306")]
    [TestCase("\u304c", "\u304b\u3099")]
    [TestCase("\u212b", "A\u030a")] // a singleton: the sign of the unit
    public void Equivalent_spellings_have_the_same_decomposition(string composed, string decomposed)
    {
        Assert.That(UnicodeForm.Decomposed(composed), Is.EqualTo(UnicodeForm.Decomposed(decomposed)));
        Assert.That(UnicodeForm.AreEqual(composed, decomposed), Is.True);
        Assert.That(UnicodeForm.AreEqual(composed, "e"), Is.False);
    }

    [TestCase("Zo\u00eb", "Zoe\u0308")]
    [TestCase("\u1ec7", "e\u0323\u0302")]
    [TestCase("\ud55c", "\u1112\u1161\u11ab")]
    [TestCase("o\u0302\u0323", "o\u0323\u0302")]
    [TestCase("plain", "plain")]
    [TestCase("\ud834\udd5e", "\ud834\udd57\ud834\udd65")] // outside the basic plane
    public void The_decomposition_follows_the_standard(string text, string decomposed) =>
    Assert.That(UnicodeForm.Decomposed(text), Is.EqualTo(decomposed));

    [TestCase("Jos\u00e9 Aznar", "JOSE_AZNAR", true)]
    [TestCase("Jose\u0301.Aznar", "jose-aznar", true)]
    [TestCase("S\u00f8ren", "Soren", false)]
    [TestCase("\u0930\u092e\u093e", "\u0930\u093e\u092e", false)] // vowel signs count
    [TestCase("Anna", "Hanna", false)]
    public void Case_punctuation_and_diacritics_do_not_count_in_a_name(string one, string other, bool isSame) =>
        Assert.That(PlainName.Normalise(one) == PlainName.Normalise(other), Is.EqualTo(isSame));

    [Test]
    public void Overlap_and_exclusion_find_a_person_in_the_other_form([Values] bool trainIsDecomposed)
    {
        var (train, test) = trainIsDecomposed ? (Decomposed, Composed) : (Composed, Decomposed);
        foreach (var name in new[] { $"train/{train}", "train/Ann", "train/Bob", $"test/{test}" }) Write($"{name}/1.png");
        var root = new DataRoot(folder.Path);
        using (var training = new FolderOptions { Path = "train" }.Open(root))
        using (var tested = new SourceImages(new FolderOptions { Path = "test" }.Open(root)))
            Assert.That(DataOverlap.Find(training, tested).Identities, Is.EqualTo(1));
        File.WriteAllText(folder.File("out.txt"), test + "\n");
        using var left = new SubsetOptions { Of = new FolderOptions { Path = "train" }, Without = ["out.txt"] }.Open(root);
        Assert.That(Enumerable.Range(0, left.Identities).Select(left.NameOf), Is.EqualTo(new[] { "Ann", "Bob" }));
    }

    [Test]
    public void Lists_find_files_that_the_disk_spells_in_the_other_form([Values] bool diskIsDecomposed)
    {
        var (disk, list) = diskIsDecomposed ? (Decomposed, Composed) : (Composed, Decomposed);
        for (var i = 1; i <= 2; i++) Write($"{disk}/{disk}_000{i}.png", i);
        Write("Ann/Ann_0001.png", 3);
        var root = new DataRoot(folder.Path);
        File.WriteAllText(folder.File("pairs.txt"), $"1\n{list}\t1\t2\n{list}\t1\tAnn\t1\n");
        using (var lfw = new LfwPairsOptions { Images = ".", Pairs = "pairs.txt", Extension = ".png" }.Open(root))
        {
            Assert.That(lfw.Pairs, Is.EqualTo(new FacePair[] { new(0, 1, true, 0), new(0, 2, false, 0) }));
            Assert.That(lfw.Read(1).Rgb, Is.EqualTo(Pictures.Of(2).Rgb));
            Assert.That(lfw.PersonName(0), Is.EqualTo(disk));
        }

        Assert.That(((LfwPairsOptions)DataPath.Guess(folder.File("pairs.txt")).Tests[0]).Extension, Is.EqualTo(".png"));
        File.WriteAllText(folder.File("list.tsv"), $"{list}/{list}_0002.png\t0\nAnn/Ann_0001.png\t1\n");
        using (var source = DataPath.Guess(folder.File("list.tsv")).Source!.Open(root))
            Assert.That(source.Read(0).Image.Rgb, Is.EqualTo(Pictures.Of(2).Rgb));
        File.WriteAllText(folder.File("own.txt"),
            $"{list}/{list}_0001.png {disk}/{disk}_0002.png 1\n{list}\\{list}_0001.png Ann/Ann_0001.png 0\n");
        using var own = new PairListOptions { Path = "own.txt", Root = ".", PersonFrom = PersonFrom.Folder }.Open(root);
        Assert.That(own.ImageCount, Is.EqualTo(3), "two spellings of one file are one image");
    }

    [Test]
    public void A_pair_of_one_person_spelled_in_two_forms_is_refused()
    {
        for (var i = 1; i <= 2; i++) Write($"{Composed}/{Composed}_000{i}.png", i);
        File.WriteAllText(folder.File("pairs.txt"), $"1\n{Composed}\t1\t2\n{Composed}\t1\t{Decomposed}\t2\n");
        Assert.That(() => new LfwPairsOptions { Images = ".", Pairs = "pairs.txt", Extension = ".png" }.Open(new DataRoot(folder.Path)),
            Throws.TypeOf<DataProblem>().With.Message.Contains("pairs.txt(3): both images are of"));
    }

    [Test]
    public void Two_folders_of_one_name_in_two_forms_are_refused()
    {
        Write($"{Composed}/1.png");
        Write($"{Decomposed}/1.png");
        if (Directory.GetDirectories(folder.Path).Length == 1) Assert.Ignore("this disk keeps one form only");
        Assert.That(() => new FolderOptions { Path = "." }.Open(new DataRoot(folder.Path)),
            Throws.TypeOf<DataProblem>().With.Message.Contains("two Unicode forms"));
    }

    private void Write(string path, int seed = 0)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder.File(path))!);
        File.WriteAllBytes(folder.File(path), Pictures.Png(Pictures.Of(seed)));
    }
}

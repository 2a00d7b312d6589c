using System.Text;
using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Harness.Protocols;
using Ablation.Tests.Images;

namespace Ablation.Tests.Protocols;

/// <summary>Plain lists of pairs, valid and invalid.</summary>
public sealed class PairListTests
{
    private TemporaryFolder folder = null!;

    [SetUp]
    public void MakeImages()
    {
        folder = new TemporaryFolder();
        foreach (var image in new[] { "ann/1.png", "ann/2.png", "bob/1.png", "bob/a b.png" })
        {
            var path = folder.File(Path.Combine(image.Split('/')));
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, Pictures.Png(Pictures.Of(image.Length)));
        }
    }

    [TearDown]
    public void RemoveImages() => folder.Dispose();

    [TestCase("ann/1.png ann/2.png 1\nann/1.png  bob/1.png 0\n", TestName = "by spaces")]
    [TestCase("ann/1.png\tann/2.png\t1\nann/1.png\tbob/1.png\t0\n", TestName = "by tabs")]
    [TestCase("ann/1.png, ann/2.png, 1\nann/1.png,bob/1.png,0", TestName = "by commas")]
    [TestCase("\uFEFFann/1.png ann/2.png 1\r\n\r\nann/./1.png bob/1.png 0\r\n\r\n",
        TestName = "with a byte order mark, CRLF, blank lines and a dot in a path")]
    public void Lists_are_read(string text)
    {
        using var test = Open(text);
        Assert.That((test.Name, test.ImageCount, test.Folds), Is.EqualTo(("own", 3, 2)));
        Assert.That(test.Pairs, Is.EqualTo(new FacePair[] { new(0, 1, true, 0), new(0, 2, false, 1) }));
        Assert.That((test.ImageName(2), test.PersonName(0)), Is.EqualTo(("bob/1.png", (string?)null)));
    }

    [Test]
    public void Paths_with_spaces_need_tabs_or_commas_and_folders_may_be_persons()
    {
        using var test = Open("bob/1.png\tbob/a b.png\t1\n", PersonFrom.Folder);
        Assert.That((test.PersonName(0), test.PersonName(1), test.Folds), Is.EqualTo(("bob", "bob", 1)));
    }

    [TestCase(0)]
    [TestCase(1)]
    public void Folds_count_from_0_or_1(int from)
    {
        using var test = Open($"ann/1.png ann/2.png 1 {from + 1}\nann/1.png bob/1.png 0 {from}\nann/2.png bob/1.png 0 {from + 2}\n");
        Assert.That((test.Folds, string.Join(' ', test.Pairs.Select(pair => pair.Fold))), Is.EqualTo((3, "1 0 2")));
    }

    [Test]
    public void Without_folds_there_are_ten_contiguous_ones_with_the_longer_first()
    {
        using var test = Open(string.Concat(Enumerable.Repeat("ann/1.png ann/2.png 1\n", 23)));
        Assert.That(test.Folds, Is.EqualTo(10));
        Assert.That(test.Pairs.GroupBy(pair => pair.Fold).Select(fold => fold.Count()), Is.EqualTo(new[] { 3, 3, 3, 2, 2, 2, 2, 2, 2, 2 }));
        Assert.That(test.Pairs.Select(pair => pair.Fold), Is.Ordered);
    }

    [TestCase("", 0, "no pairs")]
    [TestCase("first second same\n", 1, "\"same\" is neither 1 nor 0")]
    [TestCase("ann/1.png ann/2.png\n", 1, "is no pair")]
    [TestCase("ann/1.png ann/2.png 1 0 0\n", 1, "is no pair")]
    [TestCase("ann/1.png,,1\n", 1, "is no pair")]
    [TestCase("ann/1.png ann/2.png 1\nann/1.png bob/1.png 0 1\n", 2, "4 columns, but the first line has 3")]
    [TestCase("ann/1.png ann/2.png 1\nann/1.png bob/1.png 2\n", 2, "\"2\" is neither")]
    [TestCase("ann/1.png ann/3.png 1\n", 1, "3.png")]
    [TestCase("ann/1.png ann/../ann/1.png 1\n", 1, "both images of the pair are the same")]
    [TestCase("ann/1.png ann/2.png 1 -1\n", 1, "\"-1\" is no fold")]
    [TestCase("ann/1.png ann/2.png 1 2000000000\n", 1, "is no fold from 0 to 1000")]
    [TestCase("ann/1.png ann/2.png 1 2\n", 1, "begin at 2")]
    [TestCase("ann/1.png ann/2.png 1 0\nann/1.png bob/1.png 0 2\n", 0, "no pair is in fold 1")]
    [TestCase("ann/1.png ann/\0.png 1\n", 1, "code 0")]
    public void A_bad_list_is_refused_with_its_line(string text, int line, string what)
    {
        var problem = Assert.Throws<DataProblem>(() => Open(text).Dispose())!;
        Assert.That(problem.Where, Does.EndWith(line == 0 ? "own.txt" : $"own.txt({line})"));
        Assert.That(problem.Message, Does.Contain(what));
    }

    [TestCase("ann/1.png ann/2.png 0\n")]
    [TestCase("ann/1.png bob/1.png 1\n")]
    public void Person_folders_must_agree_with_the_truth(string text)
    {
        Assert.That(() => Open(text, PersonFrom.Folder).Dispose(), Throws.TypeOf<DataProblem>().With.Message.Contains("own.txt(1)"));
        Assert.That(() => Open(text).Dispose(), Throws.Nothing);
    }

    [Test]
    public void A_file_without_line_ends_and_missing_files_are_refused()
    {
        Assert.That(() => Open(new string('x', 100_000))
            .Dispose(), Throws.TypeOf<DataProblem>().With.Message.Contains("own.txt(1)").And.Message.Contains("16384 characters"));
        Assert.That(() => new PairListOptions { Path = "other.txt", Root = "." }.Open(new DataRoot(folder.Path)),
            Throws.TypeOf<DataProblem>().With.Message.Contains("other.txt"));
        Assert.That(() => new PairListOptions { Path = "own.txt", Root = "none" }.Open(new DataRoot(folder.Path)),
            Throws.TypeOf<DataProblem>().With.Message.Contains("none"));
    }

    private PairProtocol Open(string text, PersonFrom personFrom = PersonFrom.None)
    {
        File.WriteAllText(folder.File("own.txt"), text, new UTF8Encoding(false));
        return new PairListOptions { Path = "own.txt", Root = ".", PersonFrom = personFrom }.Open(new DataRoot(folder.Path));
    }
}

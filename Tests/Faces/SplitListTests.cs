using System.Text;
using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Harness.Inspection;
using Ablation.Harness.Protocols;
using Ablation.Tests.Images;

namespace Ablation.Tests.Faces;

/// <summary>Lists of training images in the usual formats.</summary>
public sealed class SplitListTests
{
    private TemporaryFolder folder = null!;

    [SetUp]
    public void Make()
    {
        folder = new TemporaryFolder();
        for (var i = 0; i < 4; i++)
        {
            Directory.CreateDirectory(folder.File($"faces/p{i / 2}"));
            File.WriteAllBytes(folder.File($"faces/p{i / 2}/{i}.png"), Pictures.Png(Pictures.Of(i)));
        }
    }

    [TearDown]
    public void Remove() => folder.Dispose();

    private string Save(string text, Encoding? encoding = null, string name = "list.tsv")
    {
        File.WriteAllText(folder.File(name), text, encoding ?? new UTF8Encoding(false));
        return folder.File(name);
    }

    [TestCase("faces/p0/0.png\t0\nfaces/p1/2.png\t1\n")]
    [TestCase("faces/p0/0.png\t0\r\nfaces/p1/2.png\t1")]
    [TestCase("faces\\p0\\0.png\t0\nfaces\\p1\\2.png\t1\n\n\n")]
    [TestCase("faces/p0/0.png\t0 \nfaces//p1/./2.png\t1\n  \n")]
    public void Both_slashes_line_ends_and_blank_last_lines_are_read(string text)
    {
        foreach (var encoding in new Encoding[] { new UTF8Encoding(false), new UTF8Encoding(true), Encoding.Unicode })
        {
            using var source = DataPath.Guess(Save(text, encoding)).Source!.Open(new DataRoot("."));
            Assert.That((source.Count, source.Identities), Is.EqualTo((2, 2)));
            Assert.That(source.Read(1).Image.Rgb, Is.EqualTo(Pictures.Of(2).Rgb));
            Assert.That(source.Locate(1), Does.Not.Contain(@"\p1"));
        }
    }

    [TestCase("faces/p0/0.png 0\n", "list.tsv(1): no TAB, but a space where the TAB should be")]
    [TestCase("faces/p0/0.png,0\n", "list.tsv(1): no TAB, but a comma where the TAB should be")]
    [TestCase("faces/p0/0.png\n", "list.tsv(1): no TAB, but a path without a class")]
    [TestCase("0\t0\tfaces/p0/0.png\n", "im2rec")]
    [TestCase("0\t0.000000\tfaces/p0/0.png\n", "im2rec")]
    [TestCase("0\tfaces/p0/0.png\n", "the wrong way round")]
    [TestCase("faces/p0/0.png\t0\nfaces/p1/2.png\t1\t1\n", "list.tsv(2): 2 TABs where one is expected")]
    [TestCase("faces/p0/0.png\t0\n\nfaces/p1/2.png\t1\n", "list.tsv(2): a blank line")]
    [TestCase("faces/p0/0.png\tann\n", "\"ann\" is not a class")]
    [TestCase("\t0\n", "nothing before the TAB")]
    [TestCase("", "the list is empty")]
    public void Another_format_is_named(string text, string what)
    {
        var path = Save(text);
        Assert.That(() => DataPath.Guess(path).Source!.Open(new DataRoot(".")), Throws.TypeOf<DataProblem>().With.Message.Contains(what));
        Assert.That(() => new SplitListOptions { Path = "list.tsv" }.Open(new DataRoot(folder.Path)),
            Throws.TypeOf<DataProblem>().With.Message.Contains(what), "a suite gives the same error");
    }

    [Test]
    public void A_list_of_im2rec_is_recognised_by_its_extension() =>
        Assert.That(() => DataPath.Guess(Save("0\t0\tfaces/p0/0.png\n", name: "train.lst")),
            Throws.TypeOf<DataProblem>().With.Message.Contains("im2rec"));

    [TestCase("./faces/p0/0.png")]
    [TestCase("faces\\p0\\0.png")]
    [TestCase("faces//p0/0.png")]
    [TestCase("faces/p1/../p0/0.png")]
    public void One_picture_under_two_spellings_is_refused(string again)
    {
        var path = Save($"faces/p0/0.png\t0\nfaces/p1/2.png\t1\n{again}\t1\n");
        Assert.That(() => DataPath.Guess(path).Source!.Open(new DataRoot(".")),
            Throws.TypeOf<DataProblem>().With.Message.Contains("list.tsv(3)").And.Message.Contains("line 1 already"));
        path = Save($"faces/p0/0.png\t0\nfaces/p1/2.png\t1\n{folder.File("faces/p0/0.png")}\t1\n");
        Assert.That(() => DataPath.Guess(path).Source!.Open(new DataRoot(".")),
            Throws.TypeOf<DataProblem>().With.Message.Contains("line 1 already, spelled faces/p0/0.png"));
    }

    [Test]
    public void A_line_without_an_end_is_not_read_into_memory()
    {
        var path = Save(new string('x', 1 << 20));
        Assert.That(() => DataPath.Guess(path), Throws.TypeOf<DataProblem>().With.Message.Contains("a line of more than"));
        Directory.CreateDirectory(folder.File("images"));
        Save("1\n" + new string('x', 1 << 20), name: "pairs.txt");
        Assert.That(() => new LfwPairsOptions { Images = "images", Pairs = "pairs.txt" }.Open(new DataRoot(folder.Path)),
            Throws.TypeOf<DataProblem>().With.Message.Contains("pairs.txt(2): a line of more than"));
    }
}

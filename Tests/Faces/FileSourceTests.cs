using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Tests.Images;

namespace Ablation.Tests.Faces;

/// <summary>Folders of identities, and lists.</summary>
public sealed class FileSourceTests
{
    private TemporaryFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    private void Write(string path, int seed = 0)
    {
        var file = folder.File(path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, Pictures.Png(Pictures.Of(seed)));
    }

    private FaceSource Folder() => new FolderOptions { Path = "." }.Open(new DataRoot(folder.Path));

    private FaceSource List(string text, string? root = null)
    {
        File.WriteAllText(folder.File("list.tsv"), text);
        return new SplitListOptions { Path = "list.tsv", Root = root }.Open(new DataRoot(folder.Path));
    }

    [Test]
    public void A_folder_is_read_in_ordinal_order_and_by_content_not_extension()
    {
        Write("c/2.png", 1);
        Write("c/Z.png", 6);
        Write("c/a.png", 7);
        Write("c/10.JPG", 2); // a PNG by content
        Write("B/x.bmp", 3);
        Write("a/deep/er/1.png", 4);
        Write("a/deep-1.png", 5); // '-' sorts before '/'
        File.WriteAllText(folder.File("a/notes.txt"), "no image");
        using var source = Folder();
        Assert.That(Enumerable.Range(0, 3).Select(source.NameOf), Is.EqualTo(new[] { "B", "a", "c" }));
        Assert.That((source.Count, source.Identities), Is.EqualTo((7, 3)));
        var seeds = new[] { 3, 5, 4, 2, 1, 6, 7 };
        var labels = new[] { 0, 1, 1, 2, 2, 2, 2 };
        for (var i = 0; i < 7; i++)
        {
            var face = source.Read(i);
            Assert.That(face.Image.Rgb, Is.EqualTo(Pictures.Of(seeds[i]).Rgb), source.Locate(i));
            Assert.That((face.Identity, source.IdentityOf(i)), Is.EqualTo((labels[i], labels[i])));
        }
    }

    [Test]
    public void An_identity_without_an_image_is_named()
    {
        Write("a/1.png");
        Directory.CreateDirectory(folder.File("lonely"));
        Assert.That(Folder, Throws.TypeOf<DataProblem>().With.Message.Contains("lonely: the identity has no image"));
    }

    [Test]
    public void An_image_outside_an_identity_is_named()
    {
        Write("a/1.png");
        Write("stray.png");
        Assert.That(Folder, Throws.TypeOf<DataProblem>().With.Message.Contains("stray.png"));
    }

    [Test]
    public void A_missing_or_empty_folder_is_refused()
    {
        Assert.That(Folder, Throws.TypeOf<DataProblem>().With.Message.Contains("no identity folders"));
        Assert.That(() => new FolderOptions { Path = "nowhere" }.Open(new DataRoot(folder.Path)),
            Throws.TypeOf<DataProblem>().With.Message.Contains("nowhere"));
    }

    [Test]
    public void A_list_gives_its_lines_in_order_with_their_classes()
    {
        for (var i = 0; i < 4; i++) Write($"faces/{i}.png", i);
        using var source = List("faces/3.png\t1\nfaces/0.png\t0\r\nfaces/2.png\t1\n");
        Assert.That((source.Name, source.Count, source.Identities), Is.EqualTo(("list", 3, 2)));
        Assert.That(Enumerable.Range(0, 3).Select(source.IdentityOf), Is.EqualTo(new[] { 1, 0, 1 }));
        Assert.That(Enumerable.Range(0, 3).Select(i => source.Read(i).Image.Rgb),
            Is.EqualTo(new[] { 3, 0, 2 }.Select(seed => Pictures.Of(seed).Rgb)));
        using var rooted = List("3.png\t0\n", "faces");
        Assert.That(rooted.Read(0).Image.Rgb, Is.EqualTo(Pictures.Of(3).Rgb));
    }

    [TestCase("a.png\t0\nb.png 1\n", 2, "TAB")]
    [TestCase("a.png\t0\n\nb.png\t1\n", 2, "TAB")]
    [TestCase("a.png\t0\nb.png\t1\t\n", 2, "TAB")]
    [TestCase("a.png\t0\nb.png\t-1\n", 2, "\"-1\"")]
    [TestCase("a.png\t0\nb.png\t1.0\n", 2, "\"1.0\"")]
    [TestCase("a.png\t0\nb.png\t2\nc.png\t3\n", 3, "class 1 has no image")]
    [TestCase("a.png\t1\nb.png\t2\n", 2, "class 0 has no image")]
    [TestCase("a.png\t0\nb.png\t1\na.png\t1\n", 3, "line 1 already")]
    [TestCase("c.png\t0\n", 1, "Root")]
    public void A_bad_list_is_refused_with_its_line(string text, int line, string what)
    {
        Write("a.png");
        Write("b.png");
        var problem = Assert.Throws<DataProblem>(() => List(text));
        Assert.That(problem!.Where, Does.EndWith($"list.tsv({line})"));
        Assert.That(problem.Message, Does.Contain(what));
    }

    [Test]
    public void A_listed_image_that_is_missing_is_named_when_it_is_read()
    {
        Write("a.png");
        using var source = List("a.png\t0\ngone.png\t1\n");
        Assert.That(() => source.Read(1), Throws.TypeOf<DataProblem>().With.Message.Contains("gone.png"));
    }
}

using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Harness.Inspection;
using Ablation.Tests.Images;

namespace Ablation.Tests.Faces;

/// <summary>Files of a folder that are not pictures are skipped and counted in a note.</summary>
public sealed class FolderWalkTests
{
    private TemporaryFolder folder = null!;

    [SetUp]
    public void Make()
    {
        folder = new TemporaryFolder();
        foreach (var identity in new[] { "p0", "p1" })
        {
            for (var i = 0; i < 2; i++) Write($"faces/{identity}/{i}.jpg");
        }
    }

    [TearDown]
    public void Remove() => folder.Dispose();

    private FaceSource Open() => new FolderOptions { Path = "faces" }.Open(new DataRoot(folder.Path));

    [TestCase("@eaDir")]
    [TestCase("@__thumb")]
    [TestCase("~snapshot")]
    [TestCase("@Recycle")]
    [TestCase("#recycle")]
    [TestCase("$RECYCLE.BIN")]
    [TestCase("System Volume Information")]
    [TestCase("lost+found")]
    [TestCase("__MACOSX")]
    [TestCase(".AppleDouble")]
    [TestCase(".thumbnails")]
    [TestCase(".Trashes")]
    [TestCase(".ipynb_checkpoints")]
    public void System_folders_are_skipped(string name)
    {
        Write($"faces/{name}/0.jpg/thumb.jpg");
        Write($"faces/p1/{name}/0.jpg");
        using var source = Open();
        Assert.That((source.Count, source.Identities), Is.EqualTo((4, 2)));
        Assert.That(source.Notes, Is.EqualTo(new[] { $"2 system or hidden files and folders are skipped: {name} 2" }));
        Assert.That(DataPath.Guess(folder.File("faces")).Check().Notes, Is.EqualTo(source.Notes), "data check prints the same notes");
    }

    [Test]
    public void A_folder_with_a_name_similar_to_a_system_folder_is_an_identity()
    {
        Write("faces/eaDir/0.jpg");
        Write("faces/#7/0.jpg");
        using var source = Open();
        Assert.That((source.Count, source.Identities, source.Notes.Count), Is.EqualTo((6, 4, 0)));
    }

    [Test]
    public void System_files_are_skipped()
    {
        foreach (var name in new[] { "._0.jpg", "._1.jpg", ".DS_Store", "Thumbs.db", "desktop.ini" }) Write($"faces/p0/{name}");
        Write("faces/.hidden.jpg");
        using var source = Open();
        Assert.That(source.Count, Is.EqualTo(4));
        Assert.That(source.Notes.Single(), Does.StartWith("6 system or hidden files").And.Contain("._* 2").And.Contain("Thumbs.db 1"));
    }

    [Test]
    public void Skipped_files_are_counted_by_extension()
    {
        foreach (var name in new[] { "2.tif", "3.TIF", "4", "5.heic", "notes.txt", "6." }) Write($"faces/p0/{name}");
        Write("faces/readme.txt");
        using var source = Open();
        Assert.That(source.Count, Is.EqualTo(4));
        Assert.That(source.Notes.Single(), Does.StartWith("7 files are skipped: .tif 2, .txt 2, no extension 2, .heic 1; read are .jpg"));
    }

    [Test]
    public void Jfif_and_jpe_are_jpeg()
    {
        Write("faces/p0/2.jfif");
        Write("faces/p0/3.JPE");
        using var source = Open();
        Assert.That((source.Count, source.Notes.Count), Is.EqualTo((6, 0)));
        Assert.That(source.Read(2).Image.Width, Is.EqualTo(32));
    }

    [Test]
    public void An_identity_with_only_skipped_files_is_an_error()
    {
        Write("faces/p2/0.tif");
        Assert.That(Open,
            Throws.TypeOf<DataProblem>().With.Message.Contains("p2: the identity has no image").And.Message.Contains("but 1 other files"));
    }

    [Test, NotOnWine(Wine.Links)]
    public void A_link_to_a_parent_folder_is_not_followed()
    {
        Link("faces/p0/up", "..");
        Link("faces/p0/root", "../..");
        Link("faces/p1/self", ".");
        Link("faces/p1/other", "../p0");
        Link("faces/alias", "p0");
        using var source = Open();
        Assert.That((source.Count, source.Identities), Is.EqualTo((4, 2)));
        Assert.That(source.Notes.Single(), Does.StartWith("5 links to folders are not followed").And.Contain("p0/up to "));
    }

    [Test, NotOnWine(Wine.Links)]
    public void Links_that_lead_out_of_the_set_are_followed_once()
    {
        Write("elsewhere/q/0.jpg");
        Write("elsewhere/q/deep/1.jpg");
        Link("faces/p2", "../elsewhere/q");
        Link("faces/p3", "../elsewhere/q");
        Link("elsewhere/q/deep/back", "../..");
        Link("faces/p1/deep", "../../elsewhere/q/deep");
        using var source = Open();
        Assert.That(Enumerable.Range(0, source.Identities).Select(source.NameOf), Is.EqualTo(new[] { "p0", "p1", "p2" }));
        Assert.That(source.Count, Is.EqualTo(6));
        Assert.That(source.Notes.Single(), Does.StartWith("3 links").And.Contain("p3 to "));
    }

    [Test, NotOnWine(Wine.Links)]
    public void A_picture_that_is_a_link_to_another_of_the_set_is_noted()
    {
        Write("elsewhere/9.jpg");
        File.CreateSymbolicLink(folder.File(Path.Combine("faces", "p1", "out.jpg")), Path.Combine("..", "..", "elsewhere", "9.jpg"));
        using (var outside = Open()) Assert.That(outside.Notes, Is.Empty, "a set of links to a store");
        File.CreateSymbolicLink(folder.File(Path.Combine("faces", "p1", "zz.jpg")), Path.Combine("..", "p0", "0.jpg"));
        using var source = Open();
        Assert.That(source.Notes.Single(), Is.EqualTo("1 pictures are links to pictures of the same set, which count twice: p1/zz.jpg"));
    }

    [Test]
    public void Folders_whose_names_differ_only_in_spelling_are_noted()
    {
        Write("faces/Aaron_Peirsol/0.jpg");
        Write("faces/aaron peirsol/0.jpg");
        using var source = Open();
        Assert.That(source.Notes.Single(), Does.StartWith("1 names are those of several folders").And.Contain(
            "Aaron_Peirsol and aaron peirsol: each folder counts as a person of its own"));
    }

    [Test]
    public void Identity_folders_that_hold_only_folders_are_reported_with_the_remedy()
    {
        foreach (var (part, identity) in new[] { ("train", "a"), ("train", "b"), ("val", "c") }) Write($"set/{part}/{identity}/0.jpg");
        using var source = new FolderOptions { Path = "set" }.Open(new DataRoot(folder.Path));
        Assert.That((source.Count, source.Identities), Is.EqualTo((3, 2)), "read as documented");
        Assert.That(source.Notes.Single(),
            Does.StartWith("2 of 2 identity folders hold folders only").And.Contain("train (a, b), val (c)").And.EndWith("/set/train"));
        Write("set/val/0.jpg");
        using var half = new FolderOptions { Path = "set" }.Open(new DataRoot(folder.Path));
        Assert.That(half.Notes.Single(), Does.StartWith("1 of 2 identity folders"));
    }

    private void Link(string path, string target)
    {
        try
        {
            Directory.CreateSymbolicLink(folder.File(path), target);
        }
        catch (Exception e) when (OperatingSystem.IsWindows() && e is IOException or UnauthorizedAccessException)
        {
            Assert.Ignore($"links need a right here: {e.Message}");
        }
    }

    private void Write(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder.File(path))!);
        File.WriteAllBytes(folder.File(path), Pictures.Jpeg(Pictures.Smooth(1)));
    }
}

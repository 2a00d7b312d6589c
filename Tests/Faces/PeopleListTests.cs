using System.Text;
using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Tests.Images;

namespace Ablation.Tests.Faces;

/// <summary>Lists of people to leave out: whom they name, and that a list which names nobody is not taken for one that does.</summary>
public sealed class PeopleListTests
{
    private TemporaryFolder folder = null!;

    [SetUp]
    public void Make()
    {
        folder = new TemporaryFolder();
        foreach (var name in new[] { "Ann_Lee", "José_Pérez", "Bob", "Cyd" }) Write($"faces/{name}/1.png");
    }

    [TearDown]
    public void Remove() => folder.Dispose();

    [TestCase("Ann_Lee\t7\nBob\t2\n", 2, TestName = "with numbers of images after a TAB, as LFW writes them")]
    [TestCase("ann lee,7\nJose Perez, 2\n", 2, TestName = "with numbers after a comma")]
    [TestCase("\uFEFFBob\r\n", 1, TestName = "with a byte order mark and CRLF")]
    public void Names_are_left_out(string text, int leftOut)
    {
        File.WriteAllText(folder.File("out.txt"), text);
        using var part = Part();
        Assert.That((part.Identities, part.Notes), Is.EqualTo((4 - leftOut, Array.Empty<string>())));
    }

    [Test]
    public void A_list_that_names_nobody_is_refused_and_one_that_names_some_says_how_many()
    {
        File.WriteAllText(folder.File("out.txt"), "Somebody Else\nNobody\n");
        Assert.That(Assert.Throws<DataProblem>(() => Part())!.Message, Does.Contain("none of its 2 names is a person of faces"));
        File.WriteAllText(folder.File("out.txt"), "Somebody Else\nCyd\n");
        using var part = Part();
        Assert.That(part.Notes, Is.EqualTo(new[] { "1 of the 2 names of out.txt are in faces and left out" }));
    }

    [Test]
    public void Another_encoding_is_refused_with_its_line()
    {
        File.WriteAllBytes(folder.File("out.txt"), Encoding.Latin1.GetBytes("Bob\nJosé Pérez\n"));
        var problem = Assert.Throws<DataProblem>(() => Part())!;
        Assert.That(problem.Message, Does.Contain("out.txt(2): not UTF-8").And.Contain("save the file again as UTF-8"));
    }

    [TestCase("frontal", TestName = "A folder inside that all people have names nobody")]
    [TestCase("", TestName = "Without one the person's folder does")]
    public void A_list_of_images_names_people_by_their_folders(string inner)
    {
        string[] people = ["Ann_Lee", "Bob", "Cyd"];
        foreach (var name in people) Write($"set/{name}/{inner}/1.png");
        File.WriteAllText(folder.File("all.tsv"), string.Concat(people.Select((name, i) => $"set/{name}/{inner}/1.png\t{i}\n")
            .Select(line => line.Replace("//", "/", StringComparison.Ordinal))));
        using var list = new SplitListOptions { Path = "all.tsv" }.Open(new DataRoot(folder.Path));
        Assert.That(Enumerable.Range(0, 3).Select(list.PersonName), Is.EqualTo(people));
        File.WriteAllText(folder.File("out.tsv"), $"set/Bob/{inner}/1.png\t0\nset/Ann_Lee/{inner}/1.png\t1\n"
            .Replace("//", "/", StringComparison.Ordinal));
        using var part = Part("out.tsv");
        Assert.That((part.Identities, part.Notes.Count), Is.EqualTo((2, 0)));
    }

    [Test]
    public void Files_of_another_person_below_a_folder_make_it_no_name([Values] bool isDeepFirst)
    {
        string[] files = isDeepFirst ? ["a/b/2.png", "a/1.png", "c/1.png"] : ["a/1.png", "a/b/2.png", "c/1.png"];
        var folders = PersonNames.FoldersOf(files, isDeepFirst ? [1, 0, 2] : [0, 1, 2], 3);
        Assert.That(folders.Select(folder => folder?.Replace('\\', '/')), Is.EqualTo(new[] { null, "a/b", "c" }));
    }

    private FaceSource Part(string list = "out.txt") =>
        new SubsetOptions { Of = new FolderOptions { Path = "faces" }, Without = [list] }.Open(new DataRoot(folder.Path));

    private void Write(string name)
    {
        var path = folder.File(Path.Combine(name.Split('/', StringSplitOptions.RemoveEmptyEntries)));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, Pictures.Png(Pictures.Of(name.Length)));
    }
}

using Ablation.Experiments.Store;
using Ablation.Harness.Protocols;
using Ablation.Losses;
using Ablation.Tests.Training;

namespace Ablation.Tests.Store;

/// <summary>A file is written completely or not at all, and the result is the last file of its trial.</summary>
public sealed class AtomicFileTests
{
    [Test]
    public void A_file_is_written_with_its_folders_and_replaced()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File(Path.Combine("a", "b", "file.txt"));
        AtomicFile.Write(path, "first");
        AtomicFile.Write(path, "Größe\n");
        Assert.That(File.ReadAllBytes(path), Is.EqualTo("Größe\n"u8.ToArray()), "UTF-8 without a byte order mark");
        Assert.That(Directory.GetFiles(Path.GetDirectoryName(path)!), Has.Length.EqualTo(1));
    }

    [Test]
    public void A_failure_leaves_no_temporary_file()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("file.txt");
        Directory.CreateDirectory(path); // a rename onto a folder fails
        Assert.That(() => AtomicFile.Write(path, "text"),
            Throws.InstanceOf<IOException>().With.Message.StartsWith(path).And.Message.Contains("could not be written"));
        Assert.That(Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories), Is.Empty);
    }

    [Test]
    public void A_failure_keeps_the_old_file()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("file.txt");
        AtomicFile.Write(path, "old");
        Directory.CreateDirectory($"{path}.{Environment.ProcessId}.tmp"); // the temporary file cannot be opened
        Assert.That(() => AtomicFile.Write(path, "new"), Throws.InstanceOf<IOException>());
        Assert.That(File.ReadAllText(path), Is.EqualTo("old"));
    }

    [Test]
    public void A_folder_that_cannot_be_created_is_an_error()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("file"), "");
        var path = folder.File(Path.Combine("file", "below.txt"));
        Assert.That(() => AtomicFile.Write(path, "text"), Throws.InstanceOf<IOException>().With.Message.StartsWith(path));
    }

    [TestCase("history.csv")]
    [TestCase("scores-random.npz")]
    public void If_another_file_fails_there_is_no_result(string file)
    {
        using var folder = new TemporaryFolder();
        var store = new ResultStore(folder.Path);
        var output = ExampleOutput.Of(Tiny.Spec(new NptOptions()), "Npt", 1);
        var id = output.Result.Id;
        Directory.CreateDirectory(Path.Combine(store.TrialFolder(id), file));
        Assert.That(() => store.Save(output), Throws.InstanceOf<IOException>());
        Assert.That(store.Has(id), Is.False);
        Assert.That(Directory.GetFiles(folder.Path, "*.tmp", SearchOption.AllDirectories), Is.Empty);
    }

    [TestCase("LFW", ExpectedResult = "lfw")]
    [TestCase("CFP-FP (own alignment)", ExpectedResult = "cfp-fp-own-alignment")]
    [TestCase("../../etc/passwd", ExpectedResult = "etc-passwd")]
    [TestCase("a\\b:c*d?e\"f<g>h|i\0j\nk", ExpectedResult = "a-b-c-d-e-f-g-h-i-j-k")]
    [TestCase("Größe 0.5", ExpectedResult = "gr-e-0-5")]
    public string A_file_name_is_safe_everywhere(string test) => StoredName.FileName(test);

    [Test]
    public void A_name_of_many_parts_is_shortened_and_stays_its_own()
    {
        var (first, second) = (new string('a', 150), new string('a', 149) + "b");
        Assert.That(StoredName.Shortened(first), Does.Match("^a{100}-[0-9a-f]{8}$").And.Not.EqualTo(StoredName.Shortened(second)));
        Assert.That(StoredName.Shortened("roc-lfw"), Is.EqualTo("roc-lfw"));
    }
}

using Ablation.Tests.Formats;
using Ablation.Tests.Images;
using Ablation.Tests.Suites;

namespace Ablation.Tests.Commands;

/// <summary><c>run --cache</c> in separate processes: shared, killed, used again, with the same scores as without a cache.</summary>
[Platform(Exclude = "Win", Reason = "signals are POSIX")]
[Category("Slow")]
[Parallelizable] // each test starts a process
public sealed class CacheCommandTests
{
    private const int Kill = 9;
    private static readonly TemporaryFolder Data = new();

    [OneTimeSetUp]
    public void Write_a_pack()
    {
        byte[][] pictures = [.. Enumerable.Range(0, 16).Select(i => Pictures.Jpeg(Pictures.Smooth(i, 200, 200)))];
        RecordIoWriter.WithHeader([.. Enumerable.Range(0, 1600).Select(i => i % 8)], i => pictures[i % 16]).Save(Data.Path);
    }

    [OneTimeTearDown]
    public void Remove() => Data.Dispose();

    [Test]
    public void A_cache_that_a_killed_process_left_is_not_used()
    {
        using var folder = new TemporaryFolder();
        using (var killed = Start(folder, "first"))
        {
            killed.WaitFor(folder.File("pixels")); // "... writing 1600 decoded pictures"
            killed.Signal(Kill);
            Assert.That(killed.End(), Is.EqualTo(137));
        }

        Assert.That(Directory.GetFiles(folder.File("pixels"), "*.pixels"), Is.Empty);
        using var again = Start(folder, "first");
        Assert.That(again.End(), Is.Zero, again.Errors);
        Assert.That(Directory.GetFiles(folder.File("pixels")).Select(Path.GetExtension), Is.EquivalentTo([".pixels", ".lock"]));
    }

    [Test]
    public void Two_processes_write_one_file_and_score_as_without_a_cache()
    {
        using var folder = new TemporaryFolder();
        using var plain = Start(folder, "plain", cache: false);
        Assert.That(plain.End(), Is.Zero, plain.Errors);
        using var one = Start(folder, "one");
        using var two = Start(folder, "two");
        Assert.That((one.End(), two.End()), Is.EqualTo((0, 0)), one.Errors + two.Errors);
        Assert.That((one.Output + two.Output).Split("writing 1600 decoded pictures"), Has.Length.EqualTo(2), "one of them writes");
        foreach (var run in new[] { "one", "two" }) Assert.That(Scores(folder, run), Is.EqualTo(Scores(folder, "plain")));
    }

    private static Cli Start(TemporaryFolder folder, string results, bool cache = true)
    {
        const string Synthetic = "{ \"type\": \"Synthetic\", \"identities\": 8, \"imagesPerIdentity\": 8, \"resolution\": 32 }";
        Assert.That(SuiteText.Good, Does.Contain(Synthetic), "the premise");
        File.WriteAllText(folder.File("own.jsonc"),
            SuiteText.Good.Replace(Synthetic, "{ \"type\": \"RecordIo\", \"path\": \"train.rec\" }", StringComparison.Ordinal));
        string[] arguments = ["run", "own.jsonc", "--data", Data.Path, "--results", results, "--threads", "1", "--device", "cpu", "--seeds",
            "1", "--losses", "Softmax", "--no-report"];
        return Cli.Start(folder.Path, cache ? [.. arguments, "--cache", "pixels"] : arguments);
    }

    private static List<string> Scores(TemporaryFolder folder, string results) =>
        [.. Directory.GetFiles(folder.File(results), "scores-*.npz", SearchOption.AllDirectories).Order()
            .Select(file => $"{Path.GetFileName(file)}\n{Convert.ToHexString(File.ReadAllBytes(file))}")];
}

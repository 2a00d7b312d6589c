using Ablation.Experiments.Store;
using Ablation.Harness;
using Ablation.Harness.Metrics;
using Ablation.Losses;
using Ablation.Tests.Training;

namespace Ablation.Tests.Store;

/// <summary>Truncated or changed files are reported with file and line and never misread.</summary>
public sealed class DamageTests
{
    private TemporaryFolder folder = null!;
    private ResultStore store = null!;
    private string id = null!;
    private TrialOutput output = null!;

    [SetUp]
    public void Store_one_result()
    {
        folder = new TemporaryFolder();
        store = new ResultStore(folder.Path);
        output = ExampleOutput.Of(Tiny.Spec(new NptOptions()), "Npt", 1);
        store.Save(output);
        id = output.Result.Id;
    }

    [TearDown]
    public void Remove() => folder.Dispose();

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(200)]
    public void A_truncated_result_is_reported_with_the_remedy(int length)
    {
        var text = File.ReadAllText(PathOf("result.json"));
        File.WriteAllText(PathOf("result.json"), text[..(length < 0 ? text.Length + length : length)]);
        Refused(() => store.Load(id), "result.json", @"\(\d+,\d+\): ");
    }

    [TestCase("\"steps\": 20", "\"steps\": \"20\"")]
    [TestCase("\"steps\": 20", "\"paces\": 20")]
    [TestCase("\"type\": \"Npt\"", "\"type\": \"Gone\"")]
    [TestCase("\"type\": \"Npt\",", "")]
    [TestCase("\"status\": \"done\"", "\"status\": \"half\"")]
    [TestCase("\"metrics\": [", "\"metrics\": null, \"m\": [")]
    public void A_changed_result_is_reported_with_the_remedy(string found, string replacement)
    {
        EarlierFormat.Unseal(store, id); // without a checksum only the reader can find it
        var text = File.ReadAllText(PathOf("result.json"));
        Assert.That(text, Does.Contain(found), "the premise");
        File.WriteAllText(PathOf("result.json"), text.Replace(found, replacement, StringComparison.Ordinal));
        Refused(() => store.Load(id), "result.json", @"\(\d+,\d+\): ");
    }

    [Test]
    public void Every_flipped_byte_and_truncation_of_a_scores_file_is_reported()
    {
        var path = PathOf("scores-random.npz");
        var bytes = File.ReadAllBytes(path);
        var random = new Random(11);
        for (var i = 0; i < 60; i++)
        {
            var damaged = i % 2 == 0 ? bytes[..random.Next(bytes.Length)] : [.. bytes];
            if (i % 2 == 1) damaged[random.Next(bytes.Length)] ^= (byte)(1 + random.Next(255));
            File.WriteAllBytes(path, damaged);
            try
            {
                // unused bits of the archive (a time, a comment) may change; the scores may not
                var read = (PairScores)store.LoadScores(store.Load(id)!, "random");
                Assert.That(read.SquaredDistance, Is.EqualTo(((PairScores)output.Scores[0]).SquaredDistance));
                Assert.That((read.Same, read.Fold, read.Folds),
                    Is.EqualTo((((PairScores)output.Scores[0]).Same, ((PairScores)output.Scores[0]).Fold,
                        ((PairScores)output.Scores[0]).Folds)));
            }
            catch (InvalidDataException refused)
            {
                Assert.That(refused.Message, Does.StartWith(path).And.Contains("delete").And.Contains("again"));
            }
        }
    }

    [TestCase("step,epoch", "epoch,step", 1)]
    [TestCase("\n4,", "\nfour,", 2)]
    [TestCase("\n8,2,", "\n8,", 3)]
    [TestCase("\n8,2,", "\n8,2x,", 3)]
    public void A_changed_history_is_reported_with_its_line(string found, string replacement, int line)
    {
        EarlierFormat.Unseal(store, id);
        Changed("history.csv", found, replacement, () => store.LoadHistory(store.Load(id)!), line);
    }

    [Test]
    public void A_missing_file_is_reported()
    {
        File.Delete(PathOf("scores-random.npz"));
        Refused(() => store.LoadScores(store.Load(id)!, "random"), "scores-random.npz", "Could not find");
    }

    [Test]
    public void Without_its_result_a_trial_is_not_finished()
    {
        File.Delete(PathOf("result.json"));
        Assert.That(Directory.GetFiles(store.TrialFolder(id)), Has.Length.EqualTo(2), "history and scores exist");
        Assert.That(store.Has(id), Is.False);
        Assert.That(store.Load(id), Is.Null);
    }

    private void Changed(string file, string found, string replacement, Action read, int line)
    {
        var text = File.ReadAllText(PathOf(file)).Replace("\"", "", StringComparison.Ordinal); // the header is quoted
        var at = text.IndexOf(found, StringComparison.Ordinal);
        Assert.That(at, Is.GreaterThanOrEqualTo(0), "the premise");
        File.WriteAllText(PathOf(file), text[..at] + replacement + text[(at + found.Length)..]);
        Refused(read, file, line > 0 ? $@"\({line}\): " : @"\(\d+\): ");
    }

    private void Refused(Action read, string file, string pattern)
    {
        var refused = Assert.Throws<InvalidDataException>(() => read())!;
        Assert.That(refused.Message, Does.StartWith(PathOf(file)).And.Match(pattern).And.Contains("delete").And.Contains("again"));
    }

    private string PathOf(string file) => Path.Combine(store.TrialFolder(id), file);
}

using Ablation.Experiments.Reports;
using Ablation.Experiments.Reports.Tables;
using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Store;
using Ablation.Experiments.Terminal;
using Ablation.Harness.Faces;
using Ablation.Harness.Metrics;
using Ablation.Losses;
using Ablation.Tests.Metrics;
using Ablation.Tests.Reports;
using Ablation.Tests.Training;

namespace Ablation.Tests.Store;

/// <summary>Edited, copied and earlier-format results are recognised.</summary>
[Parallelizable]
public sealed class SealedResultTests
{
    private StoredSuite stored = null!;
    private string id = null!;

    [SetUp]
    public void Store_a_suite()
    {
        stored = new StoredSuite().Save();
        id = stored.Suite.Trials()[1].Spec.Id();
    }

    [TearDown]
    public void Remove() => stored.Dispose();

    [TestCase("\"epochs\": 1,", "\"epochs\": 9,")]
    [TestCase("\"finalLoss\": 0.", "\"finalLoss\": 0.9")]
    [TestCase("\"label\": \"Softmax\"", "\"label\": \"ArcFace\"")]
    [TestCase("\"status\": \"done\"", "\"status\": \"diverged\"")]
    [TestCase("\"steps\": 20", "\"steps\": 21")]
    [TestCase("\"value\": 0.", "\"value\": 0.9")]
    [TestCase("\"commit\": \"0123456789ab\"", "\"commit\": \"0123456789ac\"")]
    [TestCase("\"seed\": 1", "\"seed\": 2")]
    public void An_edited_result_is_damaged(string found, string replacement)
    {
        Edit("result.json", text =>
        {
            var at = text.IndexOf(found, StringComparison.Ordinal);
            Assert.That(at, Is.Positive, "the premise");
            return text[..at] + replacement + text[(at + found.Length)..];
        });
        Damaged("result.json", "its checksum does not match");
    }

    [TestCase("\"epochs\": 1,", "\"epochs\": 9,")]
    [TestCase("\"seed\": 1", "\"seed\": 2")]
    public void In_an_earlier_format_an_edited_specification_is_found_by_its_id(string found, string replacement)
    {
        EarlierFormat.Unseal(stored.Store, id);
        Assert.That(Trial().IsEarlier);
        Edit("result.json", text => text.Replace(found, replacement, StringComparison.Ordinal));
        Damaged("result.json", $"does not have the id {id}");
    }

    [Test]
    public void A_removed_or_moved_checksum_is_noticed()
    {
        Edit("result.json", text => text[..text.LastIndexOf(",\n  \"sha256\"", StringComparison.Ordinal)] + "\n}\n");
        Damaged("result.json", "its checksum was removed");
    }

    [Test]
    public void Other_line_ends_count_as_damage()
    {
        Edit("result.json", text => text.Replace("\n", "\r\n", StringComparison.Ordinal));
        Damaged("result.json", "is not where it was written");
    }

    [Test]
    public void A_history_without_a_row_or_with_another_loss_is_damaged([Values] bool isRow)
    {
        Edit("history.csv", text => isRow
            ? text[..(text.TrimEnd('\n').LastIndexOf('\n') + 1)] : text.Replace("0.1", "0.2", StringComparison.Ordinal));
        Damaged("history.csv", "does not have the checksum that result.json lists", inStatus: false);
    }

    [Test]
    public void Swapped_and_missing_scores_are_damaged([Values] bool isGone)
    {
        var path = Path.Combine(stored.Store.TrialFolder(id), "scores-random.npz");
        if (isGone) File.Delete(path);
        else File.Copy(Path.Combine(stored.Store.TrialFolder(stored.Suite.Trials()[2].Spec.Id()), "scores-random.npz"), path,
            overwrite: true);
        Damaged("scores-random.npz", isGone ? "Could not find" : "checksum", inStatus: false);
    }

    [Test]
    public void A_result_copied_from_another_folder_is_damaged()
    {
        var other = stored.Suite.Trials()[2].Spec.Id();
        foreach (var file in Directory.GetFiles(stored.Store.TrialFolder(other)))
            File.Copy(file, Path.Combine(stored.Store.TrialFolder(id), Path.GetFileName(file)), overwrite: true);
        Damaged("result.json", $"it is the result of trial {other}");
    }

    [Test]
    public void A_store_of_an_earlier_format_is_read_with_a_warning()
    {
        foreach (var trial in stored.Suite.Trials()) EarlierFormat.Unseal(stored.Store, trial.Spec.Id());
        var summary = Summary.Read(stored.Suite, stored.Store);
        Assert.That(summary.Trials, Has.All.Matches<StoredTrial>(trial => trial is { IsEarlier: true, Result: not null, Damage.Count: 0 }));
        SuiteReport.Write(summary, stored.Store);
        Assert.That(stored.Text("report.md"), Does.Contain($"EARLIER FORMAT: {summary.Trials.Count} results have no checksum"));
        Assert.That(StrictCheck.Problems(summary, stored.Store),
            Has.Count.EqualTo(summary.Trials.Count).And.All.StartsWith("of an earlier format, without a checksum: "));
        var status = StatusText.Lines(SuiteState.Read(stored.Suite, stored.Suite.Trials(), stored.Store, DateTimeOffset.UnixEpoch),
            TimeZoneInfo.Utc, new StatusLimits(TerminalLook.OfFile));
        Assert.That(status, Has.Exactly(1).StartsWith($"{summary.Trials.Count} of them of an earlier format"));
        Assert.That(DamagedTrials.Find(stored.Suite.Trials(), stored.Store), Is.Empty);
    }

    [Test]
    public void A_result_under_an_earlier_id_is_found_despite_another_path_notation()
    {
        var data = new FolderOptions { Path = @".\faces\" };
        var suite = stored.Suite with
        {
            Data = [data],
            Seeds = [1],
            Untrained = false,
            Losses = [new SoftmaxOptions()],
            Resolutions = [16]
        };
        var trial = suite.Trials().Single();
        var (now, before) = (trial.Spec.Id(), trial.Spec.EarlierId());
        Assert.That(now, Is.Not.EqualTo(before).And.EqualTo((trial.Spec with { Data = new FolderOptions { Path = "faces" } }).Id()));
        stored.Store.Save(ExampleOutput.Of(trial.Spec, trial.Label, 1));
        EarlierFormat.Unseal(stored.Store, now);
        var (folder, text) = (Path.Combine(stored.Store.Folder, "trials", before),
            File.ReadAllText(Path.Combine(stored.Store.TrialFolder(now), "result.json")));
        Directory.Move(stored.Store.TrialFolder(now), folder);
        var written = text.Replace("\"path\": \"faces\"", "\"path\": \".\\\\faces\\\\\"", StringComparison.Ordinal)
            .Replace(now, before, StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(folder, "result.json"), written);
        Assert.That(stored.Store.Has(now), Is.False);
        var found = Summary.Read(suite, stored.Store).Trials.Single();
        Assert.That((found.Result?.Id, found.IsEarlier, found.Damage.Count), Is.EqualTo((before, true, 0)));
    }

    [Test]
    public void Damaged_trials_run_again_only_on_request()
    {
        Edit("result.json", text => text.Replace("\"steps\": 20", "\"steps\": 21", StringComparison.Ordinal));
        var lines = new List<string>();
        Assert.That(DamagedTrials.Settle(stored.Suite.Trials(), stored.Store, redo: false, lines.Add), Is.EqualTo(1));
        Assert.That(stored.Store.Has(id));
        Assert.That(lines, Has.Count.EqualTo(2).And.Some.Contains("--redo-damaged"));
        Assert.That(DamagedTrials.Settle(stored.Suite.Trials(), stored.Store, redo: true, lines.Add), Is.Zero);
        Assert.That(stored.Store.Has(id), Is.False, "it is run again");
        Assert.That(Path.Combine(stored.Store.Folder, "damaged", $"{id}-1", "result.json"), Does.Exist);
    }

    [Test]
    public void A_damaged_evaluation_loses_only_its_own_numbers()
    {
        var scores = stored.Store.LoadScores(stored.Store.Load(id)!, "random").Pairs() with { Test = "later" };
        new EvaluationStore(stored.Store.TrialFolder(id))
            .Save(new StoredEvaluation("later", Tiny.Spec(new NptOptions()).Tests[0], "weights", "data", DateTimeOffset.UnixEpoch, "commit",
                scores.Metrics()), scores);
        Assert.That(Trial().Metrics.Select(metric => metric.Test).Distinct(), Is.EqualTo(new[] { "random", "later" }));
        Edit("evaluations/later.json", text => text.Replace("\"commit\": \"commit\"", "\"commit\": \"commot\"", StringComparison.Ordinal));
        var trial = Trial();
        Assert.That((trial.Result is null, trial.IsDamaged, trial.Damage.Count), Is.EqualTo((false, false, 1)));
        Assert.That(trial.Metrics.Select(metric => metric.Test).Distinct(), Is.EqualTo(new[] { "random" }));
        Assert.That(Problems(), Has.Exactly(1).StartsWith("damaged: ").And.Some.Contains("later.json"));
    }

    [Test]
    public void An_evaluation_of_another_trial_is_refused()
    {
        var scores = stored.Store.LoadScores(stored.Store.Load(id)!, "random").Pairs() with { Test = "later" };
        new EvaluationStore(stored.Store.TrialFolder(id))
            .Save(new StoredEvaluation("later", Tiny.Spec(new NptOptions()).Tests[0], "weights", "data", DateTimeOffset.UnixEpoch, "commit",
                scores.Metrics()), scores);
        var (from, to) = (Path.Combine(stored.Store.TrialFolder(id), "evaluations"),
            Path.Combine(stored.Store.TrialFolder(stored.Suite.Trials()[2].Spec.Id()), "evaluations"));
        Directory.Move(from, to);
        Assert.That(Problems(), Has.Exactly(1).Contains($"it belongs to trial {id}"));
    }

    private StoredTrial Trial() => Summary.Read(stored.Suite, stored.Store).Trials.Single(trial => trial.Id == id);

    private IReadOnlyList<string> Problems() => StrictCheck.Problems(Summary.Read(stored.Suite, stored.Store), stored.Store);

    private void Edit(string file, Func<string, string> change)
    {
        var path = Path.Combine(stored.Store.TrialFolder(id), file);
        var text = File.ReadAllText(path);
        var changed = change(text);
        Assert.That(changed, Is.Not.EqualTo(text), "the premise");
        File.WriteAllText(path, changed);
    }

    /// <param name="inStatus">Whether status, which reads only results, finds it too.</param>
    private void Damaged(string file, string what, bool inStatus = true)
    {
        var trial = Trial();
        Assert.That(trial.Result, Is.Null);
        Assert.That(trial.Metrics, Is.Empty);
        Assert.That(trial.Damage.Single(),
            Does.Contain(Path.Combine(stored.Store.TrialFolder(id), file)).And.Contains(what).And.Contains("delete"));
        Assert.That(Problems(), Has.Exactly(1).StartsWith("damaged: ").And.Exactly(1).Contains(id));
        var stage = SuiteState.Read(stored.Suite, stored.Suite.Trials(), stored.Store,
            DateTimeOffset.UnixEpoch).Trials.Single(state => state.Id == id).Stage;
        Assert.That(stage, Is.EqualTo(inStatus ? TrialStage.Damaged : TrialStage.Finished));
        Assert.That(DamagedTrials.Find(stored.Suite.Trials(), stored.Store).Select(one => one.Id), Is.EqualTo(new[] { id }));
    }
}

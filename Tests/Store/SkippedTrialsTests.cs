using Ablation.Experiments.Reports;
using Ablation.Experiments.Store;
using Ablation.Tests.Reports;

namespace Ablation.Tests.Store;

/// <summary>Trials without time are stored, shown in the report, and removed once they are done.</summary>
[Parallelizable]
public sealed class SkippedTrialsTests
{
    private static readonly DateTimeOffset Evening = DateTimeOffset.UnixEpoch;

    [Test]
    public void The_file_reads_back_and_is_deleted_if_nothing_was_skipped()
    {
        using var folder = new TemporaryFolder();
        var store = new ResultStore(folder.Path);
        Assert.That(SkippedTrials.Load(store), Is.Null);
        var skipped = new SkippedTrials(Evening, Evening.AddHours(8),
            [new SkippedTrial("0123456789ab", "Softmax", 1, "no time: not enough")]);
        skipped.Save(store);
        var read = SkippedTrials.Load(store)!;
        Assert.That((read.Time, read.Deadline), Is.EqualTo((skipped.Time, skipped.Deadline)));
        Assert.That(read.Trials, Is.EqualTo(skipped.Trials));
        (skipped with { Trials = [] }).Save(store);
        Assert.That(Directory.GetFiles(folder.Path), Is.Empty);
        SkippedTrials.Remove(store);
    }

    [Test]
    public void A_damaged_file_is_reported_with_the_remedy()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("skipped.json"), "{ \"time\"");
        Assert.That(() => SkippedTrials.Load(new ResultStore(folder.Path)),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("skipped.json").And.Message.Contains("delete it"));
    }

    [Test]
    public void The_report_counts_those_still_missing()
    {
        using var stored = new StoredSuite().Save(trial => trial.Spec.Seed == 1);
        var left = stored.Suite.Trials().Where(trial => trial.Label == "Npt")
            .Select(trial => new SkippedTrial(trial.Spec.Id(), trial.Label, trial.Spec.Seed, "no time")).ToList();
        Assert.That(left, Has.Count.EqualTo(6), "two of them are done by now");
        new SkippedTrials(Evening, Evening.AddHours(8), left).Save(stored.Store);
        SuiteReport.Write(stored.Suite, stored.Store);
        Assert.That(stored.Text("report.md"), Does.Contain("24 trials: 8 done, 0 diverged, 0 failed, 16 not run (4 of them: no time). "));
    }
}

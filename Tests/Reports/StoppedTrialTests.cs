using Ablation.Experiments.Reports;
using Ablation.Experiments.Store;
using Ablation.Harness;
using Ablation.Harness.Training;
using Ablation.Losses;
using Ablation.Tests.Scheduling;
using Ablation.Tests.Store;

namespace Ablation.Tests.Reports;

/// <summary>Trials ended by a rule and trials in pieces in the report.</summary>
[Parallelizable]
public sealed class StoppedTrialTests
{
    [Test]
    public void A_trial_at_chance_is_reported_with_its_rule_and_without_a_figure()
    {
        var stopped = new Stopped(40, TrialStatus.AtChance, "no log point up to epoch 5 was low enough", 1.96, 1.99);
        var (report,
            csv) = Write(result => result with { Status = TrialStatus.AtChance, Metrics = [], FinalLoss = null, Stopped = stopped });
        Assert.That(report, Does.Contain("2 trials: 1 done, 0 diverged, 1 at chance, 0 failed, 0 not run"));
        Assert.That(report, Does.Contain("| at chance at step 40 | n/a |"));
        Assert.That(report,
            Does.Contain("ArcFace, seed 1: at chance at step 40: no log point up to epoch 5 was low enough; the loss was 1.99"));
        Assert.That(csv.Where(line => line.Contains(",ArcFace,", StringComparison.Ordinal)),
            Is.Not.Empty.And.All.Contains(",n/a,n/a,n/a,n/a,0,1,").And.All.Contains(",n/a (collapsed),none,"));
    }

    [Test]
    public void A_trial_ended_by_the_divergence_rule_is_reported_as_diverged()
    {
        var stopped = new Stopped(40, TrialStatus.Diverged, "the loss is more than 10 times the 2 of the first log point", 20, 21);
        var (report, _) = Write(result => result with { Status = TrialStatus.Diverged, Metrics = [], FinalLoss = null, Stopped = stopped });
        Assert.That(report,
            Does.Contain("1 done, 1 diverged, 0 failed").And.Contain("| diverged at step 40 | n/a |").And.Contain("; the loss was 21"));
    }

    [Test]
    public void A_trial_in_pieces_has_a_note_on_its_batch_statistics()
    {
        Assert.That(Write(result => result with { Split = 2 }).Report,
            Does.Contain("ArcFace, seed 1: trained in 2 pieces after out of memory: batch statistics over a piece"));
        Assert.That(Write(result => result).Report, Does.Not.Contain("pieces").And.Not.Contain("at chance"));
    }

    private static (string Report, IEnumerable<string> Csv) Write(Func<TrialResult, TrialResult> change)
    {
        using var folder = new TemporaryFolder();
        var store = new ResultStore(folder.Path);
        var suite = TinySuite.Of(new SoftmaxOptions(), new ArcFaceOptions()) with { Seeds = [1] };
        foreach (var trial in suite.Trials())
        {
            var output = ExampleOutput.Of(trial.Spec, trial.Label, 3);
            var result = trial.Label == "ArcFace" ? change(output.Result) : output.Result;
            store.Save(output with { Result = result, Scores = result.Metrics.Count > 0 ? output.Scores : [] });
        }

        SuiteReport.Write(suite, store);
        return (File.ReadAllText(folder.File("report.md")), File.ReadAllLines(folder.File("summary.csv")));
    }
}

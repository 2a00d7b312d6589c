using Ablation.Experiments.Reports;
using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Store;
using Ablation.Harness.Training;
using Ablation.Losses;
using Ablation.Tests.Scheduling.Pool;

namespace Ablation.Tests.Scheduling;

/// <summary>A diverged trial is a result with step and reason: it is not run again and has no number.</summary>
public sealed class DivergenceTests
{
    [Test]
    public void A_diverged_trial_is_stored_and_shown_and_has_no_metric()
    {
        using var folder = new TemporaryFolder();
        var store = new ResultStore(folder.Path);
        var suite = TinySuite.Of(new SoftmaxOptions(),
            new ArcFaceOptions { Scale = 8 }) with
        { Trainings = [TinySuite.Training, TinySuite.Diverging] };
        var view = new RecordingView();
        Assert.That(TinyPool.Run(suite, store, view), Is.EqualTo(new RunOutcome(4, 0, 0, 0)));
        Assert.That(view.Lines, Does.Contain("end Softmax Diverged").And.Contain("end ArcFace Diverged"));

        var result = store.Load(suite.Trials().Last().Spec.Id())!;
        Assert.Multiple(() =>
        {
            Assert.That(result.Status, Is.EqualTo(TrialStatus.Diverged));
            Assert.That(result.Divergence!.Step, Is.InRange(1, 39));
            Assert.That(result.Steps, Is.EqualTo(result.Divergence.Step));
            Assert.That(result.Divergence.Images, Has.Count.EqualTo(16).And.All.InRange(0, 63));
            Assert.That(result.Divergence.LearningRate, Is.GreaterThan(10));
            Assert.That(result.Divergence.GradientNorms, Is.Not.Empty);
            Assert.That(result.Metrics, Is.Empty);
            Assert.That(result.FinalLoss, Is.Null);
        });

        SuiteReport.Write(suite, store);
        var report = File.ReadAllText(folder.File("report.md"));
        Assert.That(report,
            Does.Contain("4 trials: 2 done, 2 diverged, 0 failed, 0 not run").And.Contains($"diverged at step {result.Divergence!.Step}"));
        var second = File.ReadLines(folder.File("summary.csv")).Where(line => line.Contains("training 2", StringComparison.Ordinal))
            .ToList();
        Assert.That(second, Has.Count.EqualTo(16), "two losses, eight metrics");
        Assert.That(second, Is.All.Contains(",n/a,n/a,n/a,n/a,0,1,"), "no mean, no deviation, n 0, one collapsed");
        Assert.That(TinyPool.Run(suite, store, view), Is.EqualTo(new RunOutcome(0, 4, 0, 0)), "it would diverge again");
    }
}

using Ablation.Harness.Faces;
using Ablation.Harness.Training;
using Ablation.Harness.Training.Checkpoints;
using Ablation.Losses;
using static Ablation.Tests.Training.TinyModel;
using static TorchSharp.torch;

namespace Ablation.Tests.Training;

/// <summary>When a suite's rule ends a training.</summary>
public sealed class StopRuleTests
{
    private static readonly StopOptions Rules = new() { DivergedFactor = 3, ChanceEpochs = 2, ChanceShare = 0.9 };

    [TestCase(new[] { 2.0, 6.0 }, false)]
    [TestCase(new[] { 2.0, 6.001 }, true)]
    [TestCase(new[] { 2.0, 7.0, 6.0 }, false)] // judged at the previous log point
    [TestCase(new[] { 0.0, 7.0 }, false)]      // no multiple of 0
    public void A_loss_above_a_multiple_of_the_first_is_diverged(double[] losses, bool stopped)
    {
        var found = (Rules with { ChanceEpochs = null }).Judge(History(0.1, losses));
        Assert.That(found is not null, Is.EqualTo(stopped));
        if (found is null) return;
        Assert.That((found.What, found.Step, found.Threshold, found.Value), Is.EqualTo((TrialStatus.Diverged, 20, 6, 6.001)));
        Assert.That(found.Rule, Does.Contain("3 times the 2 of the first"));
        Assert.That((Rules with { ChanceEpochs = null, DivergedFactor = null }).Judge(History(0.1, losses)), Is.Null);
    }

    [TestCase(new[] { 2.0, 1.9, 1.81 }, true)]       // at epoch 2.1
    [TestCase(new[] { 2.0, 1.9, 1.8 }, false)]       // 0.9 of the first is enough
    [TestCase(new[] { 2.0, 1.7, 1.95 }, false)]      // low enough once
    [TestCase(new[] { 2.0, 1.9 }, false)]            // epoch 1.4: too early
    [TestCase(new[] { 2.0, 1.7, 1.95, 1.95 }, false)]
    [TestCase(new[] { 2.0, 1.9, 1.9, 1.9 }, false)]  // judged at the previous log point
    public void Without_a_log_point_below_a_share_of_the_first_a_training_is_at_chance(double[] losses, bool stopped)
    {
        var found = Rules.Judge(History(0.7, losses));
        Assert.That(found is not null, Is.EqualTo(stopped));
        if (found is null) return;
        Assert.That((found.What, found.Step, found.Value), Is.EqualTo((TrialStatus.AtChance, 30, 1.81)));
        Assert.That(found.Threshold, Is.EqualTo(1.8).Within(1e-12));
        Assert.That((Rules with { ChanceEpochs = null }).Judge(History(0.7, losses)), Is.Null);
    }

    [Test]
    public void The_log_point_at_the_epoch_decides() => Assert.That(Rules.Judge(History(1, [2.0, 1.9])), Is.Not.Null);

    [Test]
    public void The_rule_decides_once() => Assert.That(Rules.Judge(History(1, [2.0, 1.9, 1.9])), Is.Null);

    [Test]
    public void A_training_at_chance_ends_at_the_epoch_of_the_rule_without_a_checkpoint()
    {
        var stopped = Run(Plain with { Epochs = 10, LearningRate = 1e-9, Stop = Rules });
        Assert.That((stopped.Stopped!.What, stopped.Steps, stopped.Stopped.Step), Is.EqualTo((TrialStatus.AtChance, 4, 4)),
            "two steps per epoch");
        Assert.That(stopped.History, Has.Count.EqualTo(2));
        Assert.That(Run(Plain with { Epochs = 10, LearningRate = 1e-9 }).Stopped, Is.Null, "no rule, no stop");
        Assert.That(Run(Plain with { Epochs = 10, Stop = new StopOptions() }).Stopped, Is.Null, "a training that learns is not stopped");
    }

    [Test]
    public void A_training_with_an_exploding_loss_ends_at_the_next_log_point()
    {
        var stopped = Run(Plain with { Epochs = 50, LearningRate = 100, Stop = Rules with { DivergedFactor = 1.5 } }, new SoftmaxOptions());
        Assert.That(stopped.Stopped!.What, Is.EqualTo(TrialStatus.Diverged));
        Assert.That(stopped.Steps, Is.EqualTo(stopped.Stopped.Step).And.LessThan(100));
        Assert.That(stopped.History[^1].Loss, Is.EqualTo(stopped.Stopped.Value).And.GreaterThan(stopped.Stopped.Threshold));
    }

    private static TrainingRun Run(TrainingOptions options, LossOptions? loss = null)
    {
        using var source = TinyFaces.Open(new DataRoot("."));
        using var model = new TinyModel(loss);
        return new Trainer(model.Backbone, model.Loss, options, CPU).Train(TinyBatches(source, 8), null, default);
    }

    private static List<HistoryPoint> History(double epochs, double[] losses) =>
        [.. losses.Select((loss, i) => new HistoryPoint(10 * (i + 1), epochs * (i + 1), 0.1, loss))];
}

using Ablation.Harness;
using Ablation.Harness.Training;
using Ablation.Losses;

namespace Ablation.Tests.Training;

/// <summary>A training whose losses and weights stay finite but whose network gives embeddings of zero or NaN has diverged: a result of
/// its loss, not a fault of the machine.</summary>
public sealed class UnsoundNetworkTests
{
    [Test]
    public void It_is_a_divergence_with_its_history_and_without_figures()
    {
        // one step, of which the running statistics know nothing
        var training = Tiny.Training with { Epochs = 1, Batch = 64, WarmUpEpochs = 0, LearningRate = 100 };
        var output = Tiny.Run(Tiny.Spec(new ArcFaceOptions { Scale = 64 }, training: training));
        Assert.That(output.Result.Status, Is.EqualTo(TrialStatus.Diverged), output.Result.Divergence?.Loss);
        Assert.That((output.Scores.Count, output.Result.Metrics.Count, output.Result.Weights), Is.EqualTo((0, 0, (string?)null)));
        Assert.That(output.Result.Divergence!.Loss, Does.Contain("embeddings that are zero or not finite"));
        Assert.That(output.History, Is.Not.Empty, "the curve is kept");
    }

    [Test]
    public void What_was_found_at_the_test_is_said()
    {
        var trained = new TrainedTrial(new TrainingRun([new(8, 2, 0.1, 1.5)], 8, 1, 0, 0, null), [new(8, 2, 0.1, 1.5)], null, 0);
        var found = trained.FoundDiverged("finite, but");
        Assert.That((found.Status, found.HasTrained, found.IsComplete), Is.EqualTo((TrialStatus.Diverged, false, false)));
        Assert.That((found.Divergence!.Step, found.Divergence.LearningRate, found.Divergence.Loss), Is.EqualTo((7L, 0.1, "finite, but")));
        Assert.That(found.History, Has.Count.EqualTo(1), "the curve is kept");
    }
}

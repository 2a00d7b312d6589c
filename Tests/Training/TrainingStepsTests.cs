using Ablation.Harness.Faces.Synthetic;
using Ablation.Harness.Networks;
using Ablation.Harness.Training;
using Ablation.Losses;

namespace Ablation.Tests.Training;

/// <summary>A training without a single step is refused.</summary>
public sealed class TrainingStepsTests
{
    private static readonly BackboneOptions Network = new SmallOptions { Width = 16, EmbeddingDimension = 16 };
    private static readonly TrainingOptions Plain = new() { Epochs = 1, Batch = 64, WarmUpEpochs = 0 };

    [TestCase(40, 1, 64, 2,
        "40 images make 1 micro-batches of 32 per epoch, 1 in 1 epochs, and one optimiser step takes 2 (batch 64 in 2 micro-batches): " +
        "the training would have no step; lower batch to 40, or raise epochs to 2")]
    [TestCase(40, 3, 64, 8, "40 images make 5 micro-batches of 8 per epoch, 15 in 3 epochs", true)]
    [TestCase(40, 1, 64, 8,
        "40 images make 5 micro-batches of 8 per epoch, 5 in 1 epochs, and one optimiser step takes 8 (batch 64 in 8 micro-batches): " +
        "the training would have no step; lower batch to 40, or raise epochs to 2")]
    [TestCase(63, 9, 64, 1, "63 images do not fill one batch of 64; lower batch to 63, or raise accumulate")]
    [TestCase(31, 9, 64, 2, "31 images do not fill one batch of 32 (batch 64 in 2 micro-batches); lower batch to 30, or raise accumulate")]
    [TestCase(64, 1, 64, 1, null)]
    [TestCase(64, 1, 64, 2, null)]
    [TestCase(63, 2, 64, 2, null)] // one micro-batch per epoch; a step takes two
    public void The_number_of_images_decides(int images, int epochs, int batch, int accumulate, string? problem, bool isFine = false) =>
        Assert.That(TrainingSteps.Problem(Plain with { Epochs = epochs, Batch = batch, Accumulate = accumulate }, images),
            Is.EqualTo(isFine ? null : problem));

    [Test]
    public void The_remedies_of_an_error_are_accepted([Range(2, 70)] int images, [Values(1, 2, 3, 4)] int accumulate)
    {
        var training = Plain with { Batch = 36 * accumulate, Accumulate = accumulate };
        if (TrainingSteps.Problem(training, images) is not { } problem) return;
        var batch = int.Parse(problem.Split("lower batch to ")[1].Split(',', ';')[0]);
        Assert.That(TrainingSteps.Problem(training with { Batch = batch }, Math.Max(images, 2 * accumulate)), Is.Null, problem);
    }

    [Test]
    public void A_warm_up_is_counted_in_steps()
    {
        var training = Plain with { Epochs = 1, WarmUpEpochs = 1, Accumulate = 2 };
        Assert.That(TrainingSteps.Problem(training, 64), Is.Null, "one step, the last of the warm-up");
        Assert.That(TrainingSteps.Problem(training, 96), Is.EqualTo(
            "warmUpEpochs 1 are 1.5 optimiser steps, and 96 images give 1 in 1 epochs (batch 64 in 2 micro-batches): the base rate is " +
            "never reached; lower warmUpEpochs"));
        Assert.That(TrainingSteps.Problem(training with { WarmUpEpochs = 0.5 }, 96), Is.Null);
        Assert.That(TrainingSteps.Problem(Plain with { Epochs = 3, WarmUpEpochs = 3 * (1.0 / 3) + 2 }, 64), Is.Null,
            "fractions that add up");
    }

    [Test]
    public void The_untrained_network_needs_no_step()
    {
        Assert.That(TrainingSteps.Problem(Plain with { Epochs = 0, Accumulate = 2 }, 40), Is.Null);
        Assert.That(TrainingSteps.Problem(Plain with { Epochs = 0, WarmUpEpochs = 3 }, 64), Is.Null);
    }

    [Test]
    public void The_count_equals_that_of_the_trainer([Values(1, 3)] int accumulate, [Values(1, 3)] int epochs)
    {
        var training = Tiny.Training with { Epochs = epochs, Batch = 6 * accumulate, Accumulate = accumulate, WarmUpEpochs = 0 };
        var spec = Tiny.Spec(new SoftmaxOptions(), training: training) with
        {
            Backbone = Network,
            Data = new SyntheticOptions { Identities = 4, ImagesPerIdentity = 5, Resolution = 32 },
        };
        Assert.That(Tiny.Run(spec).Result.Steps, Is.EqualTo(TrainingSteps.Count(training, 20 / 6)).And.Positive);
    }

    [Test]
    public void A_trial_without_a_step_is_refused_before_it_trains()
    {
        var spec = Tiny.Spec(new SoftmaxOptions(),
            training: Tiny.Training with { Epochs = 1, Batch = 128, Accumulate = 2, WarmUpEpochs = 0 }) with
        { Backbone = Network };
        Assert.That(() => Tiny.Run(spec),
            Throws.ArgumentException.With.Message.Contains("trainings: ").And.Message.Contains("the training would have no step"));
        Assert.That(Tiny.Run(spec with { Training = spec.Training with { Epochs = 2 } }).Result.Steps, Is.EqualTo(1));
    }
}

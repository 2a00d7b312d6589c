using Ablation.Harness;
using Ablation.Harness.Batches;
using Ablation.Harness.Faces;
using Ablation.Harness.Training;
using Ablation.Losses;
using Ablation.Tests.Suites;
using static Ablation.Tests.Training.TinyModel;
using static TorchSharp.torch;

namespace Ablation.Tests.Training;

/// <summary>The last batch of an epoch, where the images do not fill it: left out, or a step of its own.</summary>
public sealed class LastBatchTests
{
    [Test]
    public void Without_dropLast_the_last_images_are_a_step_with_the_mean_of_their_own_losses()
    {
        using var hand = new TinyModel();
        using var source = TinyFaces.Open(new DataRoot("."));
        foreach (var batch in Batches(source, dropLast: false).Read(0, 2))
        {
            hand.Backbone.zero_grad();
            hand.Loss.zero_grad();
            var images = tensor(batch.Pixels).view(-1, 3, 16, 16).narrow(0, 0, batch.Count);
            hand.Loss.forward(hand.Backbone.forward(images), tensor(batch.Labels[..batch.Count])).backward();
            using var grad = no_grad();
            foreach (var parameter in hand.Backbone.parameters().Concat(hand.Loss.parameters())) parameter.sub_(0.5 * parameter.grad!);
        }

        using var trained = new TinyModel();
        Assert.That(Train(trained, source, dropLast: false), Is.EqualTo(2));
        Assert.That(trained.Weight.allclose(hand.Weight, 1e-5, 1e-6));
        Assert.That(trained.Loss.proxies.allclose(hand.Loss.proxies, 1e-5, 1e-6));
        using var dropped = new TinyModel();
        Assert.That(Train(dropped, source, dropLast: true), Is.EqualTo(1));
        Assert.That(dropped.Weight.allclose(hand.Weight, 1e-5, 1e-6), Is.False, "premise: the last step matters");
    }

    [TestCase(24, 3)]
    [TestCase(32, 2)]
    [TestCase(100, 1)]
    public void A_trial_takes_a_step_for_every_begun_batch(int batch, int steps)
    {
        var training = Tiny.Training with { Epochs = 2, Batch = batch, WarmUpEpochs = 0, DropLast = false };
        var output = Tiny.Run(Tiny.Spec(new CosFaceOptions { Scale = 8 }, training: training));
        Assert.That(output.Result.Steps, Is.EqualTo(2 * steps).And.EqualTo(TrainingSteps.Count(training,
            TrainingSteps.MicroBatches(training, 64))));
        Assert.That(output.History[^1].Epoch, Is.EqualTo(2).Within(1e-9), "a rate by epochs falls where it says");
    }

    [TestCase(10, null)]
    [TestCase(32, null)]
    [TestCase(7, "64 images in batches of 7 leave a last batch of one image, which has no batch statistics; change batch, or set " +
        "dropLast to true")]
    [TestCase(63, "64 images in batches of 63 leave a last batch of one image, which has no batch statistics; change batch, or set " +
        "dropLast to true")]
    public void A_last_batch_of_one_image_is_refused(int batch, string? problem)
    {
        var training = Tiny.Training with { Batch = batch, WarmUpEpochs = 0, DropLast = false };
        Assert.That(TrainingSteps.Problem(training, 64), Is.EqualTo(problem));
        Assert.That(TrainingSteps.Problem(training with { DropLast = true }, 64), Is.Null);
        if (problem is not null)
            Assert.That(() => Tiny.Run(Tiny.Spec(new SoftmaxOptions(), training: training)),
                Throws.ArgumentException.With.Message.Contains(problem));
    }

    [Test]
    public void Every_batch_size_is_accepted_or_refused_as_the_loop_would([Range(2, 20)] int batch)
    {
        var training = Tiny.Training with { Epochs = 1, Batch = batch, WarmUpEpochs = 0, DropLast = false };
        var sizes = Enumerable.Range(0, TrainingSteps.MicroBatches(training, 18))
            .Select(step => new EpochOrder(18, batch, DropLast: false, Seed: 0).SizeOf(step)).ToList();
        Assert.That(sizes.Sum(), Is.EqualTo(18), "every image once");
        Assert.That(sizes[^1], Is.EqualTo(TrainingSteps.LastMicroBatch(training, 18)));
        Assert.That(TrainingSteps.Problem(training, 18) is null, Is.EqualTo(sizes.TrueForAll(size => size > 1)));
    }

    [Test]
    public void A_last_batch_too_small_for_the_pieces_of_a_step_is_refused_before_training()
    {
        var spec = Tiny.Spec(new SoftmaxOptions(), training: Tiny.Training with { Batch = 31, WarmUpEpochs = 0, DropLast = false });
        Assert.That(() => Trial.Run(spec, "label", Tiny.Place, new TrialControl(Split: 2), default),
            Throws.ArgumentException.With.Message.Contains("a micro-batch of 2 images cannot be cut into 2 pieces"));
    }

    [Test]
    public void Micro_batches_of_two_sizes_in_one_step_are_refused() =>
        Assert.That(SuiteText.Problem("\"batch\": 16", "\"batch\": 16, \"accumulate\": 2, \"dropLast\": false"), Is.EqualTo(
            "own.jsonc: trainings: dropLast is false and accumulate 2: images of a smaller micro-batch would weigh more in their step; " +
            "set accumulate to 1, or dropLast to true"));

    private static BatchStream Batches(FaceSource source, bool dropLast) =>
        new(source, 16, 7, AugmentOptions.Off, new BatchOptions { BatchSize = 10, Workers = 1, DropLast = dropLast });

    private static long Train(TinyModel model, FaceSource source, bool dropLast) =>
        new Trainer(model.Backbone, model.Loss, Plain with { Batch = 10, DropLast = dropLast }, CPU)
            .Train(Batches(source, dropLast), null, CancellationToken.None).Steps;
}

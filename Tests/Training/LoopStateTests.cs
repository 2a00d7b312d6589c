using Ablation.Harness.Batches;
using Ablation.Harness.Faces;
using Ablation.Harness.Networks;
using Ablation.Harness.Training;
using Ablation.Losses;
using Ablation.Losses.Heads;
using Ablation.Tests.Training.Checkpoints;
using static Ablation.Tests.Training.TinyModel;
using static TorchSharp.torch;

namespace Ablation.Tests.Training;

/// <summary>The state after the loop: modes, counters, tensors, and the record of a divergence.</summary>
public sealed class LoopStateTests
{
    [Test]
    public void Batch_norm_collects_statistics_while_training()
    {
        using var source = TinyFaces.Open(new DataRoot("."));
        using var backbone = new SmallOptions { Width = 4, EmbeddingDimension = 6 }.Build(16);
        using var loss = new CosFaceOptions { Scale = 4 }.Build(new LossShape(4, 6));
        var mean = backbone.named_buffers().First(buffer => buffer.name.EndsWith("running_mean", StringComparison.Ordinal)).buffer;
        Assert.That(mean.abs().max().item<float>(), Is.Zero);
        new Trainer(backbone, loss, Plain, CPU).Train(TinyBatches(source, 8), null, CancellationToken.None);
        Assert.That(mean.abs().max().item<float>(), Is.Positive);
    }

    [TestCase(1, 8)]
    [TestCase(4, 2)]
    public void SphereFace_anneals_once_per_step_for_any_number_of_pieces(int accumulate, int microBatch)
    {
        using var model = Train(Plain with { Epochs = 3, Accumulate = accumulate }, microBatch,
            new SphereFaceOptions { LambdaBase = 10, LambdaMinimum = 0 });
        using var whole = Train(Plain with { Epochs = 3 }, 8, new SphereFaceOptions { LambdaBase = 10, LambdaMinimum = 0 });
        Assert.That(model.Run.Steps, Is.EqualTo(6));
        Assert.That(model.Loss.state_dict()["iteration"].item<long>(), Is.EqualTo(6 * accumulate), "passes");
        Assert.That(model.Weight.allclose(whole.Weight, 1e-4, 1e-6));
    }

    [TestCase(OptimizerKind.Sgd, null)]
    [TestCase(OptimizerKind.Sgd, 1.0)]
    [TestCase(OptimizerKind.AdamW, null)]
    public void A_step_leaves_no_tensor_behind(OptimizerKind optimizer, double? clip)
    {
        using var outer = NewDisposeScope(); // as in a trial, which holds its tensors to its end
        using var source = TinyFaces.Open(new DataRoot("."));
        using var model = new TinyModel();
        var held = new List<long>();
        new Trainer(model.Backbone, model.Loss, Plain with { Epochs = 60, Optimizer = optimizer, LearningRate = 0.01, ClipNorm = clip },
            CPU)
            .Train(TinyBatches(source, 8), new LoopControl(new Recorder { OnLogPoint = () => held.Add(outer.DisposablesCount) }),
                CancellationToken.None);
        Assert.That(held, Has.Count.EqualTo(60));
        Assert.That(held[^1], Is.EqualTo(held[1]));
    }

    [Test]
    public void A_divergence_records_the_gradients_of_the_previous_step()
    {
        using var source = TinyFaces.Open(new DataRoot("."));
        using var model = new TinyModel(new SoftmaxOptions());
        var trainer = new Trainer(model.Backbone, model.Loss, Plain with { Epochs = 50, LearningRate = 1e30 }, CPU);
        var divergence = Assert.Throws<DivergedException>(() =>
            trainer.Train(TinyBatches(source, 8), null, CancellationToken.None))!.Divergence;
        Assert.That(divergence.Step, Is.Positive);
        Assert.That(divergence.Images, Has.Count.EqualTo(8));
        Assert.That(divergence.GradientNorms, Has.All.Positive);
    }

    [Test]
    public void NaN_weights_after_the_last_step_are_a_divergence()
    {
        using var source = TinyFaces.Open(new DataRoot("."));
        using var model = new TinyModel(new SoftmaxOptions());
        using (no_grad()) model.Backbone.EmbeddingLayer().First()[0, 0] = 1e38f;
        var trainer = new Trainer(model.Backbone, model.Loss,
            Plain with { Batch = 16, LearningRate = 90, Decay = new DecayOptions { Fc = 1 } }, CPU);
        var diverged = Assert.Throws<DivergedException>(() => trainer.Train(TinyBatches(source, 16), null, CancellationToken.None))!;
        Assert.That(diverged.Divergence.Loss, Does.Contain("weights that are not"));
    }

    [Test]
    public void A_window_finds_the_first_NaN_step()
    {
        using var window = new LossWindow(CPU, 4);
        var batch = new Batch(2, 1, labelled: true) { Count = 2 };
        foreach (var (step, value) in new[] { (0, 1f), (1, float.NaN), (2, 3f) })
        {
            (batch.Indices[0], batch.Indices[1]) = (10 * step, 10 * step + 1);
            using var share = tensor(value);
            window.Add(step, share, batch.Indices);
        }

        Assert.That(window.Mean(3), Is.NaN);
        Assert.That(window.FirstBad(3).At, Is.EqualTo(1));
        Assert.That(window.FirstBad(3).Images, Is.EqualTo(new[] { 10, 11 }));
        window.Clear();
        Assert.That(window.Mean(3), Is.Zero);
    }
}

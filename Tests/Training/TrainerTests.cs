using Ablation.Harness.Faces;
using Ablation.Harness.Kernels;
using Ablation.Harness.Networks;
using Ablation.Harness.Training;
using Ablation.Losses;
using Ablation.Losses.Heads;
using Ablation.Tests.Training.Checkpoints;
using static Ablation.Tests.Training.TinyModel;
using static TorchSharp.torch;

namespace Ablation.Tests.Training;

/// <summary>The loop: groups, steps by hand, accumulation, clipping, precision, divergence.</summary>
public sealed class TrainerTests
{
    [Test]
    public void A_step_is_weights_less_rate_times_gradient_of_weights_and_decay()
    {
        var options = Plain with { Decay = new DecayOptions { Fc = 0.1, Proxies = 0.2 }, ProxyRateFactor = 3, Batch = 16 };
        using var start = new TinyModel();
        var (weight, proxies) = (start.Weight.clone(), start.Loss.proxies.detach().clone());
        using var source = TinyFaces.Open(new DataRoot("."));
        foreach (var batch in TinyBatches(source, 16).Read(0, 1))
        {
            var value = start.Loss.forward(start.Backbone.forward(tensor(batch.Pixels).view(16, 3, 16, 16)), tensor(batch.Labels));
            value.backward();
        }

        var expectedWeight = weight - 0.5 * (start.Weight.grad! + 0.1 * weight);
        var expectedProxies = proxies - 1.5 * (start.Loss.proxies.grad! + 0.2 * proxies);
        using var trained = Train(options, 16);
        Assert.That(trained.Weight.allclose(expectedWeight, 1e-5, 1e-7), "weights");
        Assert.That(trained.Loss.proxies.allclose(expectedProxies, 1e-5, 1e-7), "proxies");
    }

    [Test]
    public void Two_micro_batches_give_the_step_of_one_batch()
    {
        using var whole = Train(Plain with { Batch = 8 }, 8);
        using var halves = Train(Plain with { Batch = 8, Accumulate = 2 }, 4);
        Assert.That(halves.Weight.allclose(whole.Weight, 1e-5, 1e-7));
        Assert.That(halves.Run.Steps, Is.EqualTo(whole.Run.Steps).And.EqualTo(2));
        Assert.That(halves.Run.History[^1].Loss, Is.EqualTo(whole.Run.History[^1].Loss).Within(1e-5));
    }

    [Test]
    public void The_norm_of_a_clipped_step_is_within_the_limit()
    {
        using var start = new TinyModel();
        using var free = Train(Plain with { Batch = 16 }, 16);
        using var clipped = Train(Plain with { Batch = 16, ClipNorm = 1e-3 }, 16);
        Assert.That(Moved(clipped), Is.LessThanOrEqualTo(0.5 * 1e-3 * 1.0001).And.GreaterThan(0));
        Assert.That(Moved(free), Is.GreaterThan(Moved(clipped)));

        double Moved(TinyModel model) =>
            ((model.Weight - start.Weight).square().sum() + (model.Loss.proxies - start.Loss.proxies).square().sum()
            + (model.Bias - start.Bias).square().sum()).sqrt().item<float>();
    }

    [TestCaseSource(nameof(ClippedLosses))]
    public void A_limit_above_the_norm_changes_nothing(LossOptions options)
    {
        using var free = Train(Plain with { Batch = 16 }, 16, options);
        using var clipped = Train(Plain with { Batch = 16, ClipNorm = 1e3 }, 16, options);
        Assert.That(clipped.Weight.allclose(free.Weight, 1e-6, 1e-8), "weights");
        Assert.That(clipped.Loss.proxies.allclose(free.Loss.proxies, 1e-6, 1e-8), "proxies");
    }

    [TestCaseSource(nameof(ClippedLosses))]
    public void A_limit_below_the_norm_is_the_length_of_the_step(LossOptions options)
    {
        // rows of one proxy from several samples count as their sum; otherwise the step is shorter
        using var start = new TinyModel(options);
        using var clipped = Train(Plain with { Batch = 16, ClipNorm = 1e-3 }, 16, options);
        var moved = ((clipped.Weight - start.Weight).square().sum() + (clipped.Loss.proxies - start.Loss.proxies).square().sum()
            + (clipped.Bias - start.Bias).square().sum()).sqrt().item<float>();
        Assert.That(moved, Is.EqualTo(0.5 * 1e-3).Within(0.5).Percent);
    }

    private static IEnumerable<LossOptions> ClippedLosses() =>
        [new CosFaceOptions { Scale = 4, CosineMargin = 0.1 }, new NptOptions { K = 1, CosineMargin = 0.9 }];

    [Test]
    public void Groups_hold_every_trainable_parameter_once_and_norms_do_not_decay()
    {
        using var backbone = new IResNetOptions { Depth = IResNetDepth.R18, EmbeddingDimension = 32 }.Build(32);
        using var loss = new SoftmaxOptions().Build(new LossShape(5, 32));
        var groups = Optimizers.Groups(backbone, loss,
            new TrainingOptions { Decay = new DecayOptions { Backbone = 0.1, Fc = 0.2, Proxies = 0.3 }, ProxyRateFactor = 2 });
        var trainable = backbone.parameters().Concat(loss.parameters()).Where(p => p.requires_grad).Select(p => p.Handle).ToList();
        Assert.That(groups.SelectMany(group => group.Parameters).Select(p => p.Handle), Is.EquivalentTo(trainable));
        foreach (var group in groups)
        {
            var isProxy = group.Parameters.Any(p => loss.parameters().Any(own => own.Handle == p.Handle));
            Assert.That(group.RateFactor, Is.EqualTo(isProxy ? 2 : 1));
            Assert.That(group.Parameters.All(p => p.dim() > 1), Is.EqualTo(group.Decay > 0), "one-dimensional parameters do not decay");
        }

        Assert.That(groups.Select(group => group.Decay).Distinct(), Is.EquivalentTo(new[] { 0, 0.1, 0.2, 0.3 }));
        var all = Optimizers.Groups(backbone, loss, new TrainingOptions { Decay = new DecayOptions { Norms = true } });
        Assert.That(all.Select(group => group.Decay), Is.All.EqualTo(5e-4));
    }

    [Test]
    public void AdamW_lowers_the_loss()
    {
        using var model = Train(Plain with { Optimizer = OptimizerKind.AdamW, LearningRate = 0.01, Epochs = 30 }, 8);
        Assert.That(model.Run.History[^1].Loss, Is.LessThan(0.7 * model.Run.History[0].Loss));
    }

    [Test]
    public void A_NaN_loss_stops_at_its_first_step_with_the_reason()
    {
        using var source = TinyFaces.Open(new DataRoot("."));
        using var model = new TinyModel();
        using (no_grad()) model.Loss.proxies[2, 0] = float.NaN;
        var trainer = new Trainer(model.Backbone, model.Loss, Plain with { Batch = 4 }, CPU);
        var diverged = Assert.Throws<DivergedException>(() => trainer.Train(TinyBatches(source, 4), null, CancellationToken.None))!;
        Assert.Multiple(() =>
        {
            Assert.That(diverged.Divergence.Step, Is.Zero);
            Assert.That(diverged.Divergence.Images, Has.Count.EqualTo(4));
            Assert.That(diverged.Divergence.Loss, Is.EqualTo("NaN"));
            Assert.That(diverged.Divergence.EmbeddingNorm, Is.GreaterThan(0));
            Assert.That(diverged.Divergence.LargestCosine, Is.Null);
            Assert.That(diverged.Message, Does.Contain("learning rate"));
            Assert.That(model.Weight.isfinite().all().item<bool>(), "no step used it");
        });
    }

    [Test]
    public void BFloat16_computes_the_backbone_in_bfloat16_and_keeps_weights_and_loss_in_float32()
    {
        using var half = Train(Plain with { Precision = Precision.BFloat16 }, 8);
        using var full = Train(Plain, 8);
        Assert.That(half.Weight.dtype, Is.EqualTo(ScalarType.Float32));
        Assert.That(half.Run.History[^1].Loss, Is.EqualTo(full.Run.History[^1].Loss).Within(0.02));
        Assert.That(half.Weight.eq(full.Weight).all().item<bool>(), Is.False, "bfloat16 rounds");
        using (Autocast.For(Precision.BFloat16, CPU))
            Assert.That(half.Backbone.forward(zeros(1, 3, 16, 16)).dtype, Is.EqualTo(ScalarType.BFloat16));
        Assert.That(half.Backbone.forward(zeros(1, 3, 16, 16)).dtype, Is.EqualTo(ScalarType.Float32), "autocast is off afterwards");
    }

    [Test]
    public void Cancelling_stops_between_two_steps()
    {
        using var source = TinyFaces.Open(new DataRoot("."));
        using var model = new TinyModel();
        using var cancel = new CancellationTokenSource();
        var trainer = new Trainer(model.Backbone, model.Loss, Plain with { Batch = 4, Epochs = 100 }, CPU);
        Assert.That(() => trainer.Train(TinyBatches(source, 4), new LoopControl(new Recorder { OnLogPoint = cancel.Cancel }), cancel.Token),
            Throws.InstanceOf<OperationCanceledException>());
    }
}

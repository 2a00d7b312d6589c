using Ablation.Harness.Faces;
using Ablation.Harness.Training;
using Ablation.Losses;
using Ablation.Losses.Heads;
using static Ablation.Tests.Training.TinyModel;
using static TorchSharp.torch;

namespace Ablation.Tests.Training;

/// <summary>The loop with every implementation of the head gives the same training and records the implementation.</summary>
public sealed class HeadTests
{
    private static readonly TrainingOptions Steps = Plain with
    {
        Epochs = 4,
        LearningRate = 0.1,
        Momentum = 0.9,
        Nesterov = true,
        Decay = new DecayOptions { Fc = 1e-3, Proxies = 1e-2 },
    };

    private static IEnumerable<LossOptions> Losses() =>
    [
        new NptOptions { K = 1 }, new NptOptions { K = 2 }, new SoftmaxOptions(), new ArcFaceOptions { Scale = 8 },
            new SphereFaceOptions { LambdaBase = 10 },
        new ProxyTripletOptions(), new ProxyNcaOptions { Radius = 1 },
    ];

    private static IEnumerable<TrainingOptions> Loops() =>
    [
        Steps, Steps with { Accumulate = 2 }, Steps with { ClipNorm = 0.05 },
            Steps with { Optimizer = OptimizerKind.AdamW, LearningRate = 0.01 },
    ];

    [Test, Combinatorial]
    public void Every_implementation_gives_the_same_training(
        [ValueSource(nameof(Losses))] LossOptions loss, [ValueSource(nameof(Loops))] TrainingOptions loop, [Values] HeadKernel kernel,
        [Values(HeadImplementation.Stored, HeadImplementation.Tiled)] HeadImplementation implementation)
    {
        using var straight = Train(loop with { Head = new HeadOptions { Implementation = HeadImplementation.Straight } },
            8 / loop.Accumulate, loss);
        using var trained = Train(loop with { Head = new HeadOptions { Implementation = implementation, Kernel = kernel } },
            8 / loop.Accumulate, loss);
        Assert.That(straight.Run.Head!.Kernel, Is.EqualTo("autograd"));
        Assert.That(trained.Run.Head!.Kernel, Is.Not.EqualTo("autograd"));
        Assert.That(trained.Weight.allclose(straight.Weight, 1e-3, 1e-5), "weights");
        Assert.That(trained.Loss.proxies.allclose(straight.Loss.proxies, 1e-3, 1e-5), "proxies");
        using var start = new TinyModel(loss);
        Assert.That(trained.Loss.proxies.allclose(start.Loss.proxies, 1e-2, 1e-4), Is.False, "they moved");
        Assert.That(trained.Run.History[^1].Loss, Is.EqualTo(straight.Run.History[^1].Loss).Within(1e-3));
    }

    [Test]
    public void Identities_that_were_not_drawn_are_frozen_or_decay([Values] Unsampled unsampled, [Values(null, 1e6)] double? clip)
    {
        using var many = new ManyIdentities();
        var (loss, start) = (many.Loss, many.Start);
        var options = Plain with
        {
            LearningRate = 0.1,
            ClipNorm = clip,
            Decay = new DecayOptions { Proxies = 0.5 },
            Head = new HeadOptions { PartialRate = 0.01, Unsampled = unsampled },
        };
        var run = many.Train(options);
        Assert.That(run.Steps, Is.EqualTo(2));
        Assert.That(run.Head, Is.EqualTo(new HeadChoice(HeadImplementation.Stored, run.Head!.Kernel, 8)), "one per image of the batch");

        var still = Rows((loss.proxies - start).abs().sum(1).eq(0));
        var decayed = Rows((loss.proxies - start * 0.95 * 0.95).abs().amax([1]).lt(1e-7));
        var expected = unsampled == Unsampled.Frozen ? still : decayed;
        Assert.That(expected, Is.InRange(40 - 16, 40 - 8), "identities that neither step drew");
        Assert.That(unsampled == Unsampled.Frozen ? decayed : still, Is.Zero);

        static long Rows(Tensor mask) => mask.sum().item<long>();
    }

    [Test]
    public void Lazy_changes_the_training_and_exact_does_not([Values] SparseUpdate update)
    {
        using var trained = new ManyIdentities(new NptOptions());
        using var straight = new ManyIdentities(new NptOptions());
        trained.Train(Steps with { Head = new HeadOptions { SparseUpdate = update } });
        straight.Train(Steps with { Head = new HeadOptions { Implementation = HeadImplementation.Straight } });
        Assert.That(trained.Loss.proxies.allclose(straight.Loss.proxies, 1e-3, 1e-6), Is.EqualTo(update == SparseUpdate.Exact));
    }

    [Test]
    public void Rows_of_one_proxy_from_several_samples_are_clipped_as_their_sum()
    {
        using var trained = new ManyIdentities(new NptOptions { CosineMargin = 0.9 });
        using var straight = new ManyIdentities(new NptOptions { CosineMargin = 0.9 });
        trained.Train(Steps with { ClipNorm = 0.05 });
        straight.Train(Steps with { ClipNorm = 0.05, Head = new HeadOptions { Implementation = HeadImplementation.Straight } });
        Assert.That(trained.Loss.proxies.allclose(straight.Loss.proxies, 1e-3, 1e-6));
    }

    /// <summary>A head of 40 identities for faces of four, so that most proxies have no images.</summary>
    private sealed class ManyIdentities : IDisposable
    {
        private readonly FaceSource source = TinyFaces.Open(new DataRoot("."));
        private readonly LinearBackbone backbone;

        public ManyIdentities(LossOptions? options = null)
        {
            manual_seed(3);
            backbone = new LinearBackbone(16, 6);
            Loss = (options ?? new CosFaceOptions()).Build(new LossShape(40, 6));
            using var generator = new Generator(4);
            Loss.InitialiseProxies(generator);
            Start = Loss.proxies.detach().clone();
        }

        public FaceLoss Loss { get; }

        public Tensor Start { get; }

        public TrainingRun Train(TrainingOptions options) =>
            new Trainer(backbone, Loss, options, CPU, seed: 3).Train(TinyBatches(source, 8), null, CancellationToken.None);

        public void Dispose()
        {
            source.Dispose();
            backbone.Dispose();
            Loss.Dispose();
            Start.Dispose();
        }
    }
}

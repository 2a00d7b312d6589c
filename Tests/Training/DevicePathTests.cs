using Ablation.Harness;
using Ablation.Harness.Batches;
using Ablation.Harness.Faces;
using Ablation.Harness.Kernels;
using Ablation.Harness.Networks;
using Ablation.Harness.Training;
using Ablation.Losses;
using Ablation.Losses.Heads;
using Ablation.Losses.Kernels;
using Ablation.Losses.Options;
using Ablation.Tests.Faces;
using Ablation.Tests.Losses;
using Ablation.Tests.Native.Recording;
using static TorchSharp.torch;

namespace Ablation.Tests.Training;

/// <summary>
/// A step in the way of a GPU, on the CPU: no operation makes a device wait for the host or the host for it, none computes in float64, and
/// every tensor is made on the device that was asked for. Reading memory is no operation: ReadBackTests lists where that happens.
/// </summary>
[NonParallelizable, Platform(OperationRecorder.Systems)]
public sealed class DevicePathTests
{
    private static readonly TrainingOptions Momentum = TinyModel.Plain with { LearningRate = 0.1, Momentum = 0.9, Nesterov = true };

    private static IEnumerable<LossOptions> Losses() =>
        LossCases.FoundWithSmallScales().Where(options => options.GetType().Assembly == typeof(FaceLoss).Assembly)
            .Append(new NptOptions { K = 2 });

    private static IEnumerable<BackboneOptions> Networks() =>
        Catalog.RecordsOf<BackboneOptions>().Values.Where(type => type.Assembly == typeof(Backbone).Assembly)
            .Select(type => (BackboneOptions)Activator.CreateInstance(type)!)
            .Select(options => options is IResNetOptions iresnet ? iresnet with { Depth = IResNetDepth.R18 } : options);

    private static IEnumerable<TrainingOptions> Loops() =>
    [
        Momentum, Momentum with { Accumulate = 2 }, Momentum with { Optimizer = OptimizerKind.AdamW, LearningRate = 0.01 },
        Momentum with { Precision = Precision.BFloat16 }, Momentum with { Head = new HeadOptions { PartialRate = 0.5 } },
        Momentum with { Head = new HeadOptions { PartialRate = 0.5, Unsampled = Unsampled.Decayed, LogitMegabytes = 0 } },
    ];

    [TestCaseSource(nameof(Losses))]
    public void Every_loss_in_every_implementation(LossOptions loss)
    {
        foreach (var implementation in Enum.GetValues<HeadImplementation>())
        {
            var head = new HeadOptions { Implementation = implementation };
            if (head.Problem("", LossCases.HasKernel(loss)) is null) Check(loss, Momentum with { Head = head });
        }
    }

    [Test, Combinatorial]
    public void Every_loop([ValueSource(nameof(Loops))] TrainingOptions training, [Values] bool many)
    {
        Check(many ? new NptOptions() : new CosFaceOptions(), training, identities: 40);
        Check(many ? new SoftmaxOptions() : new CurricularFaceOptions(), training with { ClipNorm = 0.1 });
    }

    [TestCaseSource(nameof(Networks))]
    public void Every_network(BackboneOptions network) => Check(network, new LoopOptions());

    [Category("Slow"), TestCaseSource(nameof(Networks))]
    public void Every_network_with_units_computed_twice_and_in_another_layout(BackboneOptions network)
    {
        Check(network, new LoopOptions(Checkpointing: true, Split: 2));
        Check(network, new LoopOptions(ChannelsLast: false));
    }

    [Test]
    public void A_set_that_is_held_on_the_device_and_flipped()
    {
        using var model = new TinyModel();
        using var source = TinyModel.TinyFaces.Open(new DataRoot("."));
        var faces = new ResidentFaces(source, 16, 7, AugmentOptions.Off with { FlipProbability = 0.5 }, new BatchOptions { BatchSize = 8 },
            long.MaxValue);
        using var images = new ResidentImages(faces, 16, 8, CPU);
        using var steps = new RecordedSteps();
        new Trainer(model.Backbone, model.Loss, Momentum, CPU).Train(images, new LoopControl(steps), CancellationToken.None);
        Assert.That(steps.Faults(), Is.Empty);
        Assert.That(steps.Steps[0].Select(one => one.Name), Does.Contain("aten::flip").And.Contain("aten::index_select"));
    }

    [Test]
    public void The_loss_is_read_at_log_points_alone()
    {
        using var model = new TinyModel();
        using var source = TinyModel.TinyFaces.Open(new DataRoot("."));
        using var steps = new RecordedSteps();
        new Trainer(model.Backbone, model.Loss, Momentum with { Epochs = 3 }, CPU)
            .Train(TinyModel.TinyBatches(source, 4), new LoopControl(steps), CancellationToken.None);
        Assert.That((steps.Steps.Count, steps.LogPoints), Is.EqualTo((12, 3)));
    }

    /// <summary>Both need each proxy's whole gradient from rows that may repeat, whose number only the device knows.</summary>
    [TestCase(0.1, SparseUpdate.Exact)]
    [TestCase(null, SparseUpdate.Lazy)]
    [TestCase(0.1, SparseUpdate.Lazy)]
    public void Clipping_and_the_lazy_step_of_NPT(double? clip, SparseUpdate update) =>
        Check(new NptOptions(), Momentum with { ClipNorm = clip, Head = new HeadOptions { SparseUpdate = update } }, identities: 40);

    [TestCaseSource(nameof(Losses))]
    public void The_training_is_that_of_the_CPU(LossOptions loss)
    {
        using var own = TinyModel.Train(Momentum, 8, loss);
        using var off = CpuPath.SwitchOff();
        using var general = TinyModel.Train(Momentum, 8, loss);
        Assert.That(general.Weight.allclose(own.Weight, 1e-3, 1e-5), "weights");
        Assert.That(general.Loss.proxies.allclose(own.Loss.proxies, 1e-3, 1e-5), "proxies");
        Assert.That(general.Run.History[^1].Loss, Is.EqualTo(own.Run.History[^1].Loss).Within(1e-3 * own.Run.History[^1].Loss));
    }

    [Test]
    public void A_whole_trial_with_its_pictures_on_the_device()
    {
        var spec = Tiny.Spec(new ArcFaceOptions { Scale = 8 },
            training: Tiny.Training with { Augment = AugmentOptions.Off with { FlipProbability = 0.5 } });
        using var source = spec.Data.Open(new DataRoot("."));
        var batches = new BatchOptions { BatchSize = 16 };
        Assert.That(TrialImages.Resident(source, spec, batches, CPU, CancellationToken.None), Is.Null);
        var own = Tiny.Run(spec).Result;
        using var off = CpuPath.SwitchOff();
        using (var resident = TrialImages.Resident(source, spec, batches, CPU, CancellationToken.None)) Assert.That(resident, Is.Not.Null);
        var general = Tiny.Run(spec).Result;
        Assert.That(general.Head!.Kernel, Is.EqualTo("libtorch"));
        Assert.That(general.Pairing, Is.EqualTo(own.Pairing), "the same start");
        Assert.That(general.FinalLoss, Is.EqualTo(own.FinalLoss!.Value).Within(0.02 * own.FinalLoss.Value));
    }

    private static void Check(BackboneOptions network, LoopOptions loop)
    {
        using var backbone = network.Build(32);
        using var loss = new ArcFaceOptions().Build(new LossShape(4, network.EmbeddingDimension));
        using (var generator = new Generator(4)) loss.InitialiseProxies(generator);
        using var source = new FakeSource(16, 4, side: 32);
        using var steps = new RecordedSteps();
        var batches = new BatchStream(source, 32, 7, new AugmentOptions(), new BatchOptions { BatchSize = 8, Workers = 1 });
        new Trainer(backbone, loss, Momentum, CPU, loop: loop).Train(batches, new LoopControl(steps), CancellationToken.None);
        Assert.That(steps.Steps, Has.Count.EqualTo(2));
        Assert.That(steps.Faults(), Is.Empty, loop.ToString());
    }

    private static void Check(LossOptions loss, TrainingOptions training, int identities = 4)
    {
        using var steps = Run(loss, training, identities);
        Assert.That(steps.Steps, Has.Count.EqualTo(2));
        Assert.That(steps.Faults(), Is.Empty, $"{loss}, {training}");
    }

    private static RecordedSteps Run(LossOptions options, TrainingOptions training, int identities)
    {
        using var backbone = new LinearBackbone(16, 6);
        using var loss = options.Build(new LossShape(identities, 6));
        using (var generator = new Generator(4)) loss.InitialiseProxies(generator);
        using var source = TinyModel.TinyFaces.Open(new DataRoot("."));
        var steps = new RecordedSteps();
        try
        {
            new Trainer(backbone, loss, training, CPU).Train(TinyModel.TinyBatches(source, 8 / training.Accumulate), new LoopControl(steps),
                CancellationToken.None);
            return steps;
        }
        finally
        {
            steps.Dispose();
        }
    }
}

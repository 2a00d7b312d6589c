using Ablation.Harness;
using Ablation.Harness.Batches;
using Ablation.Harness.Foundations;
using Ablation.Harness.Kernels;
using Ablation.Harness.Networks;
using Ablation.Harness.Planning;
using Ablation.Harness.Training;
using Ablation.Losses;
using Ablation.Losses.Heads;
using Ablation.Tests.Training;
using static TorchSharp.torch;

namespace Ablation.Tests.Planning;

/// <summary>A measurement ends and gives a speed; its case contains exactly what the speed depends on.</summary>
public sealed class SpeedProbeTests
{
    private static readonly TrialSpec Spec = Tiny.Spec(new ArcFaceOptions());

    [Test]
    public void Every_kind_of_training_has_a_speed([Values(OptimizerKind.Sgd, OptimizerKind.AdamW)]
    OptimizerKind optimizer, [Values(Precision.Float32, Precision.BFloat16)] Precision precision, [Values(1, 2)] int accumulate)
    {
        var training = Tiny.Training with
        {
            Optimizer = optimizer,
            Precision = precision,
            Accumulate = accumulate,
            ClipNorm = 5,
            Head = new HeadOptions { PartialRate = 0.5 }
        };
        var speed = SpeedProbe.StepsPerSecond(Tiny.TrainingCase(Spec with { Training = training }, 40, CPU, 1), CPU, 0.01);
        Assert.That(speed, Is.Positive.And.LessThan(1e7));
    }

    [Test]
    public void Large_batches_and_embedding_have_a_speed()
    {
        Assert.That(SpeedProbe.StepsPerSecond(Tiny.TrainingCase(Spec with { Training = Tiny.Training with { Batch = 64 } }, 40, CPU, 1),
            CPU, 0), Is.Positive.And.LessThan(1e7));
        Assert.That(SpeedProbe.EmbeddedPerSecond(new EmbeddingCase(Spec.Backbone, Spec.Resolution, "cpu", 1), CPU, 0),
            Is.Positive.And.LessThan(1e9));
    }

    [Test]
    public void Seed_epochs_rates_and_augmentation_are_not_part_of_a_case()
    {
        var other = Spec with
        {
            Seed = 9,
            Training = Spec.Training with
            {
                Epochs = 50,
                LearningRate = 7,
                ProxyRateFactor = 3,
                WarmUpEpochs = 4,
                Schedule = new PolynomialOptions(),
                Pace = SchedulePace.Epoch,
                Augment = AugmentOptions.Off,
                OnBadImage = OnBadImage.Skip,
                Stop = new StopOptions()
            },
        };
        Assert.That(Key(other), Is.EqualTo(Key(Spec)));
    }

    [Test]
    public void Everything_that_takes_time_is_part_of_a_case()
    {
        TrialSpec[] others =
        [
            Spec, Spec with { Loss = new ArcFaceOptions { Scale = 8 } }, Spec with { Loss = new SoftmaxOptions() },
                Spec with { Resolution = 32 },
            Spec with { Backbone = new SmallOptions { Width = 8 } }, With(training => training with { Batch = 8 }),
                With(training => training with { Accumulate = 2 }),
            With(training => training with { Precision = Precision.BFloat16 }),
                With(training => training with { Optimizer = OptimizerKind.AdamW }), With(training => training with { ClipNorm = 1 }),
            With(training => training with { Head = new HeadOptions { PartialRate = 0.5 } }),
                With(training => training with { Head = new HeadOptions { Implementation = HeadImplementation.Tiled } }),
        ];
        Assert.That(others.Select(Key).Append(Key(Spec, classes: 41)).Append(Key(Spec, threads: 2)), Is.Unique);

        static TrialSpec With(Func<TrainingOptions, TrainingOptions> change) => Spec with { Training = change(Spec.Training) };
    }

    [Test]
    public void The_clock_counts_whole_steps_after_the_first([Values(1, 3)] int accumulate)
    {
        var images = new RandomImages(4, 16, 5, accumulate, CPU, seconds: 0);
        var seen = 0;
        foreach (var batch in images.Read(0, long.MaxValue, CancellationToken.None))
        {
            seen++;
            Assert.That(images.SecondsPerStep, Is.Null);
            Assert.That(batch.Labels, Has.Length.EqualTo(4).And.All.InRange(0L, 4L));
            Assert.That(batch.Pixels.Min(), Is.InRange(-1f, -0.5f));
        }

        Assert.That(seen, Is.EqualTo(2 * accumulate), "one step to warm up, one to measure");
        Assert.That(images.SecondsPerStep, Is.Positive);
    }

    private static string Key(TrialSpec spec) => Key(spec, 40);

    private static string Key(TrialSpec spec, int classes = 40, int threads = 1) =>
        SpecJson.Write(Tiny.TrainingCase(spec, classes, CPU, threads));
}

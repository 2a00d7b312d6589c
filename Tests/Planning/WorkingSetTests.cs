using Ablation.Harness;
using Ablation.Harness.Kernels;
using Ablation.Harness.Networks;
using Ablation.Harness.Planning;
using Ablation.Harness.Training;
using Ablation.Losses;
using Ablation.Tests.Commands;
using Ablation.Tests.Metrics;
using Ablation.Tests.Training;
using TorchSharp;

namespace Ablation.Tests.Planning;

public sealed class WorkingSetTests
{
    private static readonly TrialSpec Spec = Tiny.Spec(new ArcFaceOptions()) with
    {
        Backbone = new MobileFaceNetOptions(),
        Resolution = 56
    };

    [Test]
    public void It_grows_with_its_parts()
    {
        var one = Of(Spec);
        Assert.Multiple(() =>
        {
            Assert.That(Of(Spec with { Training = Spec.Training with { Batch = 32 } }).Maps, Is.GreaterThan(1.5 * one.Maps),
                "twice the batch");
            Assert.That(Of(Spec with { Training = Spec.Training with { Batch = 32, Accumulate = 2 } }).Maps, Is.EqualTo(one.Maps),
                "a micro-batch of the same size");
            Assert.That(Of(Spec with { Training = Spec.Training with { Batch = 32 } }, new LoopOptions(Split: 2)).Maps,
                Is.EqualTo(one.Maps), "a piece of the same size");
            Assert.That(Of(Spec with { Resolution = 112 }).Maps, Is.GreaterThan(2.5 * one.Maps), "four times the pixels");
            Assert.That(Of(Spec with { Training = Spec.Training with { Precision = Precision.BFloat16 } }).Maps,
                Is.LessThan(0.75 * one.Maps));
            Assert.That(Of(Spec, new LoopOptions(Checkpointing: true)).Maps, Is.LessThan(one.Maps));
            Assert.That(Of(Spec, new LoopOptions(ChannelsLast: false)).Maps, Is.GreaterThan(one.Maps),
                "libtorch keeps the normalised maps too");
            Assert.That(Of(Spec with { Training = Spec.Training with { Optimizer = OptimizerKind.AdamW } }).Weights,
                Is.EqualTo(one.Weights / 3 * 4), "a second moment");
            Assert.That(WorkingSet.Predict(Case(Spec, 1000, 5 << 20), torch.CPU, new LoopOptions()).Data - one.Data, Is.EqualTo(5 << 20));
            Assert.That(one.Bytes, Is.EqualTo(one.Program + one.Weights + one.Head + one.Maps + one.Data));
        });
    }

    [Test]
    public void A_limit_asks_for_checkpointing_and_then_refuses()
    {
        var (plain, twice) = (Of(Spec).Bytes, Of(Spec, new LoopOptions(Checkpointing: true)).Bytes);
        Assert.That(twice, Is.LessThan(plain));
        Assert.That(Loop(plain).Checkpointing, Is.False);
        Assert.That(Loop(plain - 1).Checkpointing, Is.True);
        Assert.That(Loop(twice).Checkpointing, Is.True);
        Assert.That(() => Loop(twice - 1),
            Throws.TypeOf<MemoryLimitException>().With.Message.Contains("--memory-limit").And.Message.Contains("raise the limit"));

        static LoopOptions Loop(long limit) => WorkingSet.LoopFor(Case(Spec, 1000, 0), torch.CPU, new LoopOptions(), limit);
    }

    [Test]
    public void A_trial_under_a_limit_has_the_result_of_one_without()
    {
        var spec = Tiny.Spec(new CosFaceOptions()) with
        {
            Backbone = new MobileFaceNetOptions { EmbeddingDimension = 16 },
            Resolution = 32
        };
        var free = Tiny.Run(spec);
        var needed = WorkingSet.Predict(Case(spec, 8, 8 * 8 * 32 * 32 * 3), torch.CPU, new LoopOptions()).Bytes;
        Assert.That(WorkingSet.LoopFor(Case(spec, 8, 8 * 8 * 32 * 32 * 3), torch.CPU, new LoopOptions(), needed - 1).Checkpointing, Is.True,
            "premise: only one of the two uses checkpointing");
        var limited = Trial.Run(spec, "label", Tiny.Place with { MemoryLimit = needed - 1 }, null, CancellationToken.None);
        Assert.That(limited.Result.FinalLoss, Is.EqualTo(free.Result.FinalLoss));
        Assert.That(limited.Pairs().SquaredDistance, Is.EqualTo(free.Pairs().SquaredDistance));
    }

    [Category("Slow")]
    [Test]
    public void The_command_refuses_before_anything_is_trained()
    {
        using var folder = new TemporaryFolder();
        var (code, output, errors) = Cli.Run(folder.Path, "run", "smoke", "--memory-limit", "100MB");
        Assert.That(code, Is.Not.Zero);
        Assert.That(errors, Does.Contain("--memory-limit 95 MiB").And.Contain("even with checkpointing"));
        Assert.That(output, Does.Not.Contain("epoch"));
        Assert.That(Cli.Run(folder.Path, "run", "smoke", "--memory-limit", "lots").Errors, Does.Contain("not a size"));
    }

    private static MemoryCase Case(TrialSpec spec, int identities, long imageBytes) =>
        new(spec.Backbone, spec.Resolution, spec.Training, identities, imageBytes);

    private static WorkingSet Of(TrialSpec spec, LoopOptions? loop = null) =>
        WorkingSet.Predict(Case(spec, 1000, 0), torch.CPU, loop ?? new LoopOptions());
}

using Ablation.Harness;
using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Harness.Theory;
using Ablation.Harness.Training;
using Ablation.Losses;
using Ablation.Tests.Losses;
using Ablation.Tests.Training;
using Ablation.Tests.Training.Checkpoints;
using static TorchSharp.torch;

namespace Ablation.Tests.Theory;

/// <summary>The loop measures the batch it has trained on, without changing the training.</summary>
public sealed class MeasuredTrainingTests
{
    [TestCase(1, 1)]
    [TestCase(2, 2)]
    public void A_training_is_the_same_with_and_without_measuring(int accumulate, int split)
    {
        var training = Attempts.Training with { Accumulate = accumulate };
        var loss = new SphereFaceOptions { LambdaBase = 10 };
        var measured = new Attempts(loss, training with { Batch = 8 }, new LoopOptions(Split: split)).Run();
        var plain = new Attempts(loss, training with { Batch = 8 }, new LoopOptions(Split: split, Angles: false)).Run();
        Assert.That(measured.Weights, Is.EqualTo(plain.Weights));
        Assert.That(measured.History.Select(point => point.Angles), Has.None.Null);
        Assert.That(plain.History, Is.EqualTo(measured.History.Select(point => point with { Angles = null, Motion = null })));
    }

    [TestCase(1)]
    [TestCase(2)]
    public void A_log_point_has_the_angles_of_the_last_micro_batch_before_its_step(int accumulate)
    {
        var options = TinyModel.Plain with { Batch = 16, Accumulate = accumulate };
        using var start = new TinyModel();
        using var source = TinyModel.TinyFaces.Open(new DataRoot("."));
        using var scope = NewDisposeScope();
        using var probe = new AngleProbe(start.Loss);
        foreach (var batch in TinyModel.TinyBatches(source, 16 / accumulate).Read(0, accumulate))
            probe.Measure(start.Backbone.forward(tensor(batch.Pixels).view(batch.Count, 3, 16, 16)), tensor(batch.Labels));
        var expected = probe.Take()!;
        using var trained = TinyModel.Train(options, 16 / accumulate);
        var angles = trained.Run.History.Single().Angles!;
        Assert.That(angles.Samples, Is.EqualTo(16 / accumulate));
        Assert.That(angles.Own.P50, Is.EqualTo(expected.Own.P50).Within(1e-3));
        Assert.That(angles.Nearest.Mean, Is.EqualTo(expected.Nearest.Mean).Within(1e-3));
        Assert.That(angles.Gap!.Mean, Is.EqualTo(expected.Gap!.Mean).Within(1e-5));
    }

    [TestCase(7, 20, ExpectedResult = "7")]
    [TestCase(45, 20, ExpectedResult = "20 40 45")]
    [TestCase(2000, 20, ExpectedResult = "20 .. 2000: 100")]
    [TestCase(2010, 20, ExpectedResult = "40 .. 2010: 51")]
    [TestCase(250_000, 50, ExpectedResult = "2500 .. 250000: 100")]
    public string Log_points_with_angles_are_limited_and_include_the_last(long steps, int every)
    {
        var plan = new LogPointPlan(steps, every);
        var measured = Enumerable.Range(1, (int)steps).Where(step => plan.IsMeasured(step)).ToList();
        Assert.That(measured.Where(step => !plan.IsLogPoint(step)), Is.Empty);
        return measured.Count < 5 ? string.Join(' ', measured) : $"{measured[0]} .. {measured[^1]}: {measured.Count}";
    }

    [Category("Slow"), TestCaseSource(typeof(LossCases), nameof(LossCases.Found))]
    public void Theory_is_measured_for_every_loss(LossOptions loss)
    {
        var output = Tiny.Run(Tiny.Spec(loss));
        var theory = output.Result.Theory!;
        Assert.Multiple(() =>
        {
            Assert.That((theory.Identities, theory.IdentitiesInTraining, theory.Images), Is.EqualTo((8, 8, 64)));
            Assert.That(theory.Proxies.Bins.Sum(), Is.EqualTo(28));
            Assert.That(theory.Proxies.Squared.Min, Is.EqualTo(theory.Separability.Measured).And.InRange(0, 4));
            Assert.That(theory.MeanNorm.Max, Is.InRange(0.1, 1));
            Assert.That((theory.Mining.Queries, theory.Mining.Chance), Is.EqualTo((64, 1.0 / 7)));
            Assert.That(output.History[^1].Angles, Is.Not.Null);
            Assert.That(SpecJson.Write(SpecJson.Read<TrialResult>(SpecJson.Write(output.Result))),
                Is.EqualTo(SpecJson.Write(output.Result)));
        });
    }

    [Test]
    public void An_untrained_network_has_no_theory() =>
    Assert.That(Tiny.Run(Tiny.Spec(new NptOptions(), training: Tiny.Training with { Epochs = 0 })).Result.Theory, Is.Null);

    [Test]
    public void Measuring_twice_gives_the_same_figures()
    {
        var (first, second) = (Tiny.Run(Tiny.Spec(new NptOptions())), Tiny.Run(Tiny.Spec(new NptOptions())));
        Assert.That(SpecJson.Write(second.Result.Theory), Is.EqualTo(SpecJson.Write(first.Result.Theory)));
    }
}

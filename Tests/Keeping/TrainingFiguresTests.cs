using Ablation.Experiments.Keeping;
using Ablation.Harness.Theory;
using Ablation.Harness.Training.Checkpoints;
using Ablation.Losses;
using Ablation.Tests.Reports;
using Ablation.Tests.Store;
using Ablation.Tests.Training;

namespace Ablation.Tests.Keeping;

/// <summary>What was measured of a training, as figures of the tidy table.</summary>
[Parallelizable]
public sealed class TrainingFiguresTests
{
    [Test]
    public void They_are_means_over_the_measured_log_points_of_each_half()
    {
        var output = ExampleTheory.With(ExampleOutput.Of(Tiny.Spec(new NptOptions()), "Npt", 1), 0, isHinge: true);
        var figures = TrainingFigures.Of(output.Result, output.History).ToDictionary(figure => figure.Name, figure => figure.Value);
        // five log points, of epochs 1 to 5: the first two are the first half; turns 40, 32, 24, 16, 8
        Assert.Multiple(() =>
        {
            Assert.That(figures["turn"], Is.EqualTo(36).Within(1e-9));
            Assert.That(figures["late-turn"], Is.EqualTo(16).Within(1e-9));
            Assert.That(figures["touched"], Is.EqualTo(0.5).Within(1e-9));
            Assert.That(figures["shared"], Is.EqualTo(0.25).Within(1e-9));
            Assert.That(figures["bias"], Is.EqualTo(0.05).Within(1e-9), "at the end");
            Assert.That(figures["active"], Is.EqualTo((1 + 1 / 2.0 + 1 / 3.0 + 1 / 4.0 + 1 / 5.0) / 5).Within(1e-9));
            Assert.That(figures["A1"], Is.EqualTo(output.Result.Theory!.ProxyMeanCosine.Mean));
            Assert.That(figures["Property1"], Is.EqualTo(output.Result.Theory.NearestIsOwn));
        });
    }

    [Test]
    public void A_trial_without_measurements_has_none()
    {
        var output = ExampleOutput.Of(Tiny.Spec(new NptOptions()), "Npt", 1);
        Assert.That(TrainingFigures.Of(output.Result, output.History), Is.Empty);
        HistoryPoint[] softmax = [new(20, 1, 0.1, 2, Motion: new ProxyMotion(50, 1, 0.3, null))];
        Assert.That(TrainingFigures.Of(output.Result, softmax).Select(figure => (figure.Name, figure.Value)), Is.EqualTo(new[]
        {
            ("turn", (double?)null), ("late-turn", 50), ("touched", 1), ("shared", 0.3), ("bias", null),
        }), "a missing one is no 0, and a loss without hinges has no active ones");
    }
}

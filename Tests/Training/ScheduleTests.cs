using Ablation.Harness.Training;

namespace Ablation.Tests.Training;

/// <summary>The learning rate of a step, against hand-computed values.</summary>
public sealed class ScheduleTests
{
    private static readonly TrainingOptions Base = new() { Epochs = 10, LearningRate = 0.2, WarmUpEpochs = 0 };

    [TestCase(0, 0.2)]
    [TestCase(25, 0.1 * (1 + 0.70710678118654752))] // a quarter: cos(pi / 4)
    [TestCase(50, 0.1)]
    [TestCase(100, 0)]
    public void Cosine_falls_to_its_floor(int step, double rate) => Assert.That(Base.RateAt(step, 10), Is.EqualTo(rate).Within(1e-12));

    [Test]
    public void Cosine_with_a_floor_ends_there() =>
        Assert.That((Base with { Schedule = new CosineOptions { Floor = 0.1 } }).RateAt(100, 10), Is.EqualTo(0.02).Within(1e-12));

    [Test]
    public void Cosine_with_a_floor_is_half_way_in_the_middle() =>
        Assert.That((Base with { Schedule = new CosineOptions { Floor = 0.1 } }).RateAt(50, 10), Is.EqualTo(0.2 * (1 + 0.1) / 2)
            .Within(1e-12));

    [Test]
    public void A_shorter_training_falls_at_the_same_shares() =>
        Assert.That(((StepOptions)new StepOptions { At = [4, 7] }.Over(0.5)).At, Is.EqualTo(new[] { 2, 3.5 }));

    [TestCase(0, 0.2)]
    [TestCase(39, 0.2)]
    [TestCase(40, 0.02)]
    [TestCase(70, 0.002)]
    public void Step_falls_at_its_epochs(int step, double rate) =>
        Assert.That((Base with { Schedule = new StepOptions { At = [4, 7] } }).RateAt(step, 10), Is.EqualTo(rate).Within(1e-12));

    [TestCase(0, 0.2)]
    [TestCase(50, 0.05)]
    [TestCase(100, 0)]
    public void Polynomial_is_a_power_of_the_remaining_share(int step, double rate) =>
        Assert.That((Base with { Schedule = new PolynomialOptions { Power = 2 } }).RateAt(step, 10), Is.EqualTo(rate).Within(1e-12));

    [Test]
    public void Warm_up_rises_linearly_and_reaches_the_base()
    {
        var options = Base with { WarmUpEpochs = 1, Schedule = new StepOptions { At = [] } };
        Assert.That(Enumerable.Range(0, 12).Select(step => options.RateAt(step, 10)),
            Is.EqualTo(Enumerable.Range(0, 12).Select(step => 0.02 * Math.Min(10, step + 1))).Within(1e-12));
    }

    [Test]
    public void By_epoch_the_rate_is_constant_within_an_epoch()
    {
        var options = Base with { Pace = SchedulePace.Epoch };
        Assert.That(options.RateAt(19, 10), Is.EqualTo(options.RateAt(10, 10)));
        Assert.That(options.RateAt(20, 10), Is.LessThan(options.RateAt(19, 10)));
    }
}

using Ablation.Harness.Statistics;

namespace Ablation.Tests.Statistics;

/// <summary>Reference values: scipy_reference.py. Cohen 1988 has 34 pairs for d = 0.5, 15 for 0.8 and 199 for 0.2 at power 0.8.</summary>
public sealed class TTestPowerTests
{
    [TestCase(1, 0.05, 12.706204736174705)]
    [TestCase(1, 0.0005, 1273.239282935764)]
    [TestCase(2, 0.05, 4.302652729749464)]
    [TestCase(4, 0.05 / 32, 7.658208954432512)]
    [TestCase(30, 0.01, 2.7499956535672254)]
    public void Tails_equal_those_of_mpmath(int degrees, double level, double expected) =>
        Assert.That(StudentTail.TwoSided(degrees, level), Is.EqualTo(expected).Within(1e-12 * expected));

    [TestCase(2, 1, 0.05, 0.09280915505633597)]
    [TestCase(5, 1, 0.05, 0.40138991737179486)]
    [TestCase(5, 1.5, 0.05 / 20, 0.11195008920187029)]
    [TestCase(34, 0.5, 0.05, 0.8077775012792735)]
    [TestCase(10, -0.3, 0.05, 0.13613625849735428)]
    [TestCase(200, 0.2, 0.05, 0.8036666605857854)]
    [TestCase(5, 0, 0.05, 0.05)]
    public void Power_equals_that_of_SciPy(int n, double effect, double level, double expected) =>
        Assert.That(TTestPower.Compute(n, effect, level), Is.EqualTo(expected).Within(1e-11));

    [TestCase(0.5, 0.05, 34)]
    [TestCase(0.2, 0.05, 199)]
    [TestCase(0.8, 0.05, 15)]
    [TestCase(1, 0.05, 10)]
    [TestCase(-1, 0.05, 10)]
    [TestCase(2, 0.05, 5)]
    [TestCase(5, 0.05, 3)]
    [TestCase(100, 0.05, 2)]
    [TestCase(1, 0.05 / 20, 20)]
    [TestCase(0.1, 0.05, 787)]
    [TestCase(0.03, 0.05, 8723)]
    [TestCase(0.0285, 0.05, 9666)]
    [TestCase(0.028, 0.05, null)]
    [TestCase(1e-300, 0.05, null)]
    public void Seeds_needed_are_the_fewest(double effect, double level, int? expected) =>
        Assert.That(TTestPower.SeedsNeeded(effect, level)?.Number, Is.EqualTo(expected));

    [Test]
    public void One_seed_fewer_falls_short([Values(0.04, 0.13, 0.31, 0.77, 1.3, 2.9)] double effect, [Values(0.05, 0.05 / 40)] double level)
    {
        if (TTestPower.SeedsNeeded(effect, level)!.Value.Number is not { } n)
        {
            Assert.That(TTestPower.Compute(NeededSeeds.Most, effect, level), Is.LessThan(0.8));
            return;
        }

        Assert.That(TTestPower.Compute(n, effect, level), Is.GreaterThanOrEqualTo(0.8));
        if (n > 2) Assert.That(TTestPower.Compute(n - 1, effect, level), Is.LessThan(0.8));
    }

    [TestCase(2, 0.05, 11.549888435882393)]
    [TestCase(3, 0.05, 3.264043549699575)]
    [TestCase(5, 0.05, 1.6819969659555551)]
    [TestCase(5, 0.05 / 20, 3.775896257066387)]
    [TestCase(10, 0.05, 0.9960013714554438)]
    [TestCase(100, 0.05, 0.2829126327813881)]
    public void The_smallest_effect_equals_that_of_SciPy(int n, double level, double expected) =>
        Assert.That(TTestPower.SmallestEffect(n, level), Is.EqualTo(expected).Within(1e-11));

    [Test]
    public void An_undetectable_effect_gives_no_number()
    {
        Assert.That(TTestPower.SmallestEffect(1), Is.Null);
        Assert.That(TTestPower.SeedsNeeded(0), Is.Null);
        Assert.That(TTestPower.SeedsNeeded(double.NaN), Is.Null);
        Assert.That(() => TTestPower.Compute(1, 1), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => TTestPower.Compute(5, 1, 0), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That((new NeededSeeds(7).ToString(), new NeededSeeds(null).ToString()), Is.EqualTo(("7", "more than 10,000")));
    }
}

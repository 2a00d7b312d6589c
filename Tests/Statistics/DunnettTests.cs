using Ablation.Harness.Statistics;
using MathNet.Numerics.Distributions;

namespace Ablation.Tests.Statistics;

/// <summary>Reference values: a quadrature of its own and R's mvtnorm 1.1.3 (qmvt), which agree within the 0.002 of the latter.</summary>
[Parallelizable]
public sealed class DunnettTests
{
    [TestCase(1, 4, 2.7764, 5e-5)]
    [TestCase(1, 5, 2.5706, 5e-5)]
    [TestCase(1, 6, 2.4469, 5e-5)]
    [TestCase(1, 8, 2.3060, 5e-5)]
    [TestCase(1, 13, 2.1604, 5e-5)]
    [TestCase(1, 14, 2.1448, 5e-5)]
    [TestCase(1, 28, 2.0484, 5e-5)]
    [TestCase(4, 4, 3.831524, 5e-7)]
    [TestCase(4, 5, 3.4759, 5e-5)]
    [TestCase(4, 6, 3.263416, 5e-7)]
    [TestCase(4, 8, 3.022702, 5e-7)]
    [TestCase(4, 13, 2.775980, 5e-7)]
    [TestCase(4, 14, 2.7497, 5e-5)]
    [TestCase(4, 28, 2.5883, 5e-5)]
    [TestCase(7, 4, 4.2347, 5e-5)]
    [TestCase(7, 5, 3.820504, 5e-7)]
    [TestCase(7, 6, 3.572732, 5e-7)]
    [TestCase(7, 8, 3.291708, 5e-7)]
    [TestCase(7, 13, 3.003367, 5e-7)]
    [TestCase(7, 14, 2.972694, 5e-7)]
    [TestCase(7, 28, 2.784042, 5e-7)]
    [TestCase(11, 4, 4.5462, 5e-5)]
    [TestCase(11, 5, 4.087260, 5e-7)]
    [TestCase(11, 6, 3.812293, 5e-7)]
    [TestCase(11, 8, 3.499894, 5e-7)]
    [TestCase(11, 13, 3.178693, 5e-7)]
    [TestCase(11, 14, 3.1445, 5e-5)]
    [TestCase(11, 28, 2.9340, 5e-5)]
    public void The_two_sided_value_equals_the_reference(int losses, int freedom, double expected, double digits) =>
        Assert.That(Dunnett.Critical(losses, freedom, 0.05), Is.EqualTo(expected).Within(digits));

    [TestCase(0.025, 4.1990)]
    [TestCase(0.0125, 4.8742)]
    public void A_lower_level_has_a_larger_value(double level, double expected) =>
        Assert.That(Dunnett.Critical(7, 6, level), Is.EqualTo(expected).Within(5e-5));

    [TestCase(2.5, 7, 6, 0.820954)]
    [TestCase(3, 7, 14, 0.952461)]
    [TestCase(2, 4, 5, 0.741454)]
    public void The_probability_equals_the_reference(double value, int losses, int freedom, double expected) =>
        Assert.That(Dunnett.Within(value, losses, freedom), Is.EqualTo(expected).Within(5e-7));

    [Test]
    public void Unequal_correlations_equal_the_reference()
    {
        double[] loadings = [0.9, 0.7, 0.5, 0.3];
        Assert.That(Dunnett.Within(3.31193, loadings, 6), Is.EqualTo(0.95).Within(1e-6));
        Assert.That(Dunnett.Within(3, Enumerable.Repeat(Math.Sqrt(0.5), 4).ToList(), 6), Is.EqualTo(Dunnett.Within(3, 4, 6)).Within(1e-12));
    }

    [Test]
    public void One_loss_gives_Students_t([Values(1, 2, 5, 40, 400)] int freedom)
    {
        Assert.That(Dunnett.Within(2.2, 1, freedom), Is.EqualTo(1 - 2 * StudentT.CDF(0, 1, freedom, -2.2)).Within(1e-9));
        Assert.That(Dunnett.CriticalOneSided(1, freedom, 0.05), Is.EqualTo(StudentTail.TwoSided(freedom, 0.1)).Within(1e-7));
    }

    // R. E. Bechhofer and C. W. Dunnett, Selected Tables in Mathematical Statistics 11, 1988, correlation 1/2
    [TestCase(4, 10, 2.47)]
    [TestCase(2, 20, 2.03)]
    [TestCase(9, 60, 2.48)]
    public void The_one_sided_value_equals_Dunnetts_table(int losses, int freedom, double expected) =>
        Assert.That(Dunnett.CriticalOneSided(losses, freedom, 0.05), Is.EqualTo(expected).Within(0.006));

    [Test]
    public void Invalid_arguments_are_refused()
    {
        Assert.That(() => Dunnett.Critical(0, 5, 0.05), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => Dunnett.Critical(3, 0, 0.05), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => Dunnett.Critical(3, 5, 1), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(Dunnett.Within(0, 3, 5), Is.Zero);
    }
}

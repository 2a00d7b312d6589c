using Ablation.Harness.Statistics;
using MathNet.Numerics.Distributions;

namespace Ablation.Tests.Statistics;

/// <summary>Reference values: scipy_reference.py.</summary>
[Parallelizable]
public sealed class NoncentralTTests
{
    [TestCase(2.776445105197793, 4, 2, 0.6641890696361923)]
    [TestCase(12.706204736, 1, 3, 0.8138919257512183)]
    [TestCase(2, 4, 0.5, 0.8736759199786681)]
    [TestCase(-1, 9, 1, 0.027250482928348148)]
    [TestCase(2.2, 60, 3, 0.21376810440308674)]
    [TestCase(3, 200, 3.5, 0.3091709422894363)]
    [TestCase(-2.776445105197793, 4, 2, 0.00015417354735988787)]
    [TestCase(2, 9, -1, 0.996436504911053)]
    [TestCase(1.96, 9999, 2.8, 0.20046307117277992)]
    [TestCase(636.6, 1, 2, 0.9974826592421562)]
    [TestCase(0, 7, 1.5, 0.06680720126885807)]
    [TestCase(40, 3, 30, 0.6395857317609341)]
    public void The_probability_equals_that_of_SciPy(double t, int degrees, double noncentrality, double expected) =>
        Assert.That(NoncentralT.CumulativeProbability(t, degrees, noncentrality), Is.EqualTo(expected).Within(1e-12));

    [Test]
    public void Without_noncentrality_it_is_Students_t([Values(1, 2, 5, 30, 1000)] int degrees, [Values(-4.0, -0.3, 1.7, 9.0)] double t) =>
        Assert.That(NoncentralT.CumulativeProbability(t, degrees, 0), Is.EqualTo(StudentT.CDF(0, 1, degrees, t)).Within(1e-12));

    [Test]
    public void It_is_symmetric_under_a_change_of_both_signs([Values(1, 3, 40)]
    int degrees, [Values(-2.0, 0.4, 5.0)] double t, [Values(-1.5, 6.0)] double noncentrality) =>
        Assert.That(NoncentralT.CumulativeProbability(t, degrees, noncentrality)
            + NoncentralT.CumulativeProbability(-t, degrees, -noncentrality), Is.EqualTo(1).Within(1e-13));

    [Test]
    public void In_the_far_tails_it_is_0_and_1()
    {
        Assert.That(NoncentralT.CumulativeProbability(2, 10_000, 500), Is.EqualTo(0).Within(1e-15));
        Assert.That(NoncentralT.CumulativeProbability(2, 10_000, -500), Is.EqualTo(1).Within(1e-13));
    }

    [Test]
    public void Invalid_arguments_are_refused()
    {
        Assert.That(() => NoncentralT.CumulativeProbability(1, 0, 1), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => NoncentralT.CumulativeProbability(double.NaN, 3, 1), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => NoncentralT.CumulativeProbability(1, 3, double.PositiveInfinity), Throws.TypeOf<ArgumentOutOfRangeException>());
    }
}

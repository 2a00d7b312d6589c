using Ablation.Harness.Statistics;

namespace Ablation.Tests.Statistics;

/// <summary>Reference values: scipy_reference.py.</summary>
public sealed class EffectSizeTests
{
    private static readonly double[] Sleep1 = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0];
    private static readonly double[] Sleep2 = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
    private static readonly double[] Five = [0.012, 0.004, 0.009, -0.001, 0.006];

    [Test]
    public void Effect_and_interval_equal_those_of_SciPy()
    {
        Check(Compare(Sleep1, Sleep2), -1.2845575625910546, -1.173924903514205, -2.1180165139816007, -0.4146277563804569);
        Check(Compare(Five, new double[5]), 1.212183053462653, 0.9671821432247251, -0.016265495531324097, 2.3696537628029684);
    }

    [Test]
    public void The_correction_equals_that_of_Hedges_table()
    {
        // Hedges 1981, table 1: c(2) = 0.5642, c(9) = 0.9139, c(49) = 0.9846
        Assert.That(EffectSize.Correction(2), Is.EqualTo(0.5642).Within(5e-5));
        Assert.That(EffectSize.Correction(9), Is.EqualTo(0.9139).Within(1e-4));
        Assert.That(EffectSize.Correction(49), Is.EqualTo(0.9846).Within(5e-5));
        Assert.That(EffectSize.Correction(1), Is.Null);
    }

    [Test]
    public void Without_variation_there_is_no_effect()
    {
        Assert.That(EffectSize.Compute(Compare([0.9], [0.8])), Is.Null);
        Assert.That(EffectSize.Compute(Compare([0.3, 0.9], [0.1, 0.7])), Is.Null, "a rounding error is not a deviation");
        Assert.That(EffectSize.Compute(Compare([0.3, 0.9], [0.1, 0.8]))!.Unbiased, Is.Null, "two seeds");
    }

    [Test]
    public void Seeds_won_and_lost_follow_the_direction_of_the_metric()
    {
        var signs = Compare([0.9, 0.8, 0.3, 0.4], [0.8, 0.7, 0.1 + 0.2, 0.5]).Signs!;
        Assert.That(signs, Is.EqualTo(new SeedSigns(2, 1, 1)));
        Assert.That((signs.Text(true), signs.Text(false)), Is.EqualTo(("2 won, 1 lost, 1 tied", "1 won, 2 lost, 1 tied")));
        Assert.That(new SeedSigns(3, 0, 0).Text(true), Is.EqualTo("3 won, 0 lost"));
        Assert.That(Compare([0.9], [0.8]).Signs, Is.Null);
    }

    [Test]
    public void Strength_is_given_in_the_units_of_the_metric()
    {
        var comparison = Compare(Five, new double[5]);
        var strength = Strength.Compute(comparison, 20);
        Assert.That(strength.Effect, Is.EqualTo(EffectSize.Compute(comparison)));
        Assert.That((strength.Seeds, strength.SeedsInTable),
            Is.EqualTo((TTestPower.SeedsNeeded(1.212183053462653), TTestPower.SeedsNeeded(1.212183053462653, 0.05 / 20))));
        Assert.That(strength.Seeds!.Value.Number, Is.EqualTo(8).And.LessThan(strength.SeedsInTable!.Value.Number!.Value));
        Assert.That(strength.SmallestDifference, Is.EqualTo(1.6819969659555551 * comparison.Deviation!.Value).Within(1e-12));
        Assert.That(strength.SmallestInTable, Is.EqualTo(3.775896257066387 * comparison.Deviation!.Value).Within(1e-12));
        Assert.That(Strength.Compute(Compare([0.9], [0.8]), 1), Is.EqualTo(new Strength(null, null, null, null, null)));
        var alike = Strength.Compute(Compare([0.01, -0.01], [0, 0]), 1);
        Assert.That((alike.Seeds, alike.Effect?.Dz), Is.EqualTo(((NeededSeeds?)null, (double?)0)),
            "no number of seeds detects a zero difference");
        Assert.That(alike.SmallestDifference, Is.Positive);
    }

    private static void Check(PairedComparison comparison, params double[] expected)
    {
        var effect = EffectSize.Compute(comparison)!;
        Assert.That(new[] { effect.Dz, effect.Unbiased!.Value, effect.Low, effect.High }, Is.EqualTo(expected).Within(1e-10));
    }

    private static PairedComparison Compare(double[] candidate, double[] baseline) =>
        PairedComparison.Compare(BySeed(candidate), BySeed(baseline));

    private static Dictionary<int, double> BySeed(double[] values) =>
        Enumerable.Range(0, values.Length).ToDictionary(seed => seed, seed => values[seed]);
}

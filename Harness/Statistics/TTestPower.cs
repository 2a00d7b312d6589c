using MathNet.Numerics.Distributions;

namespace Ablation.Harness.Statistics;

/// <summary>
/// The exact power of the two-sided paired t test over seeds, by the noncentral t distribution: the number of seeds that a difference
/// needs, and the difference that a number of seeds can find.
/// </summary>
/// <remarks>J. Cohen, "Statistical Power Analysis for the Behavioral Sciences", 2nd ed. 1988, chapter 2. Both tails count: the test is
/// two-sided.</remarks>
public static class TTestPower
{
    /// <summary>The share of repetitions that should find a true difference.</summary>
    public const double Power = 0.8;

    /// <summary>Computes the chance that the test finds a true difference.</summary>
    /// <param name="n">Paired seeds, at least 2.</param>
    /// <param name="effect">Cohen's d_z: the true mean difference over the deviation of the differences; its sign does not matter.</param>
    /// <param name="level">Two-sided, above 0 and below 1.</param>
    public static double Compute(int n, double effect, double level = Judgement.Level)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 2);
        return Above(n, effect, StudentTail.TwoSided(n - 1, level));
    }

    /// <summary>Finds the smallest number of seeds with which the test finds an effect at <see cref="Power"/>.</summary>
    /// <param name="effect">Cohen's d_z.</param>
    /// <returns>Null for an effect of 0 or NaN: no number of seeds finds it.</returns>
    public static NeededSeeds? SeedsNeeded(double effect, double level = Judgement.Level)
    {
        if (!double.IsFinite(effect) || effect == 0) return null;

        // power rises with n: search outwards from the normal approximation, then bisect
        var z = Normal.InvCDF(0, 1, 1 - level / 2) + Normal.InvCDF(0, 1, Power);
        var guess = (int)Math.Clamp(z * z / (effect * effect), 2, NeededSeeds.Most);
        int low = 1, high = NeededSeeds.Most + 1; // low is too few, high is enough or above the cap
        for (int step = 1, n = guess; low + 1 < high;)
        {
            if (Compute(n, effect, level) >= Power) high = n;
            else low = n;
            n = high > NeededSeeds.Most ? Math.Min(NeededSeeds.Most, low + step) : low == 1 ? Math.Max(2, high - step) : (low + high) / 2;
            step *= 2;
        }

        return new NeededSeeds(high > NeededSeeds.Most ? null : high);
    }

    /// <summary>
    /// Finds the smallest effect, Cohen's d_z, that n seeds find at <see cref="Power"/>. Times the deviation of the differences it gives
    /// the smallest difference.
    /// </summary>
    /// <returns>Null below two seeds.</returns>
    public static double? SmallestEffect(int n, double level = Judgement.Level)
    {
        if (n < 2) return null;
        var limit = StudentTail.TwoSided(n - 1, level);
        double low = 0, high = 1;
        while (Above(n, high, limit) < Power) (low, high) = (high, 2 * high);
        while (high - low > 1e-13 * high)
        {
            var middle = (low + high) / 2;
            if (Above(n, middle, limit) < Power) low = middle;
            else high = middle;
        }

        return (low + high) / 2;
    }

    private static double Above(int n, double effect, double limit)
    {
        var noncentrality = Math.Abs(effect) * Math.Sqrt(n);
        return 1 - NoncentralT.CumulativeProbability(limit, n - 1, noncentrality)
            + NoncentralT.CumulativeProbability(-limit, n - 1, noncentrality);
    }
}

/// <summary>The number of paired seeds that a difference needs.</summary>
/// <param name="Number">At least 2; null for more than <see cref="Most"/>.</param>
public readonly record struct NeededSeeds(int? Number)
{
    /// <summary>The search ends here: no study uses this many seeds.</summary>
    public const int Most = 10_000;

    /// <summary>Returns "7", or "more than 10,000".</summary>
    public override string ToString() => Number is { } number ? number.ToString() : "more than 10,000";
}

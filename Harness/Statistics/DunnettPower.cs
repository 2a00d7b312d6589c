using System.Collections.Concurrent;

namespace Ablation.Harness.Statistics;

/// <summary>
/// The power of the comparisons, by the noncentral t distribution: the difference that a number of seeds finds, and the seeds that a
/// difference needs. The deviation is taken as known, so both are for planning; they are not a second opinion on p.
/// </summary>
/// <remarks>J. Cohen, "Statistical Power Analysis for the Behavioral Sciences", 2nd ed. 1988, chapter 2. Both tails count: the test is
/// two-sided. The power at the observed difference adds nothing to p (Hoenig and Heisey, The American Statistician 55, 2001).</remarks>
public static class DunnettPower
{
    /// <summary>The share of repetitions that should find a true difference.</summary>
    public const double Power = 0.8;

    private static readonly ConcurrentDictionary<(double Critical, int Freedom), double> Known = []; // few: of families and their seeds

    /// <summary>Finds the true difference, over its standard error, that is found at <see cref="Power"/>.</summary>
    /// <param name="critical">The |t| beyond which a difference is found.</param>
    public static double SmallestNoncentrality(double critical, int degreesOfFreedom) => Known.GetOrAdd((critical, degreesOfFreedom),
        key => Find(key.Critical, key.Freedom));

    private static double Find(double critical, int degreesOfFreedom)
    {
        double low = 0, high = 1;
        while (Above(high) < Power) (low, high) = (high, 2 * high);
        while (high - low > 1e-11 * high)
        {
            var middle = (low + high) / 2;
            if (Above(middle) < Power) low = middle;
            else high = middle;
        }

        return (low + high) / 2;

        double Above(double noncentrality) => 1 - NoncentralT.CumulativeProbability(critical, degreesOfFreedom, noncentrality)
            + NoncentralT.CumulativeProbability(-critical, degreesOfFreedom, noncentrality);
    }

    /// <summary>Finds the smallest number of seeds, at least three, with which a family finds an effect at <see cref="Power"/>.</summary>
    /// <param name="effect">The true difference over the moderated deviation; its sign does not matter.</param>
    /// <param name="family">The comparisons that are corrected together.</param>
    public static NeededSeeds SeedsNeeded(double effect, ComparedFamily family)
    {
        var size = Math.Abs(effect);
        if (!Finds(NeededSeeds.Most)) return new NeededSeeds(null);
        // power rises with n: double, then bisect
        int low = Decision.FewestSeeds - 1, high = Decision.FewestSeeds;
        while (!Finds(high)) (low, high) = (high, Math.Min(2 * high, NeededSeeds.Most));
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            if (Finds(middle)) high = middle;
            else low = middle;
        }

        return new NeededSeeds(high);

        bool Finds(int n)
        {
            var freedom = Math.Min(BorrowedScatter.PriorFreedom + n - 1, (n - 1) * family.Losses);
            return SmallestNoncentrality(family.Critical(freedom), freedom) / Math.Sqrt(n) <= size;
        }
    }
}

/// <summary>The number of paired seeds that a difference needs.</summary>
/// <param name="Number">At least 3; null for more than <see cref="Most"/>.</param>
public readonly record struct NeededSeeds(int? Number)
{
    /// <summary>The search ends here: no study uses this many seeds.</summary>
    public const int Most = 1000;

    /// <summary>Returns "7", or "more than 1,000".</summary>
    public override string ToString() => Number is { } number ? number.ToString() : "more than 1,000";
}

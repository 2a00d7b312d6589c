namespace Ablation.Harness.Statistics;

/// <summary>
/// Wilcoxon's signed-rank test of paired differences against 0, exact for every n: the p value is the share of all 2^n ways to sign the
/// observed ranks that are at least as extreme. Zeros are dropped, ties share their mean rank.
/// </summary>
/// <remarks>
/// F. Wilcoxon, "Individual comparisons by ranking methods", Biometrics Bulletin 1, 1945. With n = 5 the smallest possible
/// two-sided p is 2 / 32 = 0.0625, so five seeds can never reach 0.05.
/// </remarks>
public static class WilcoxonSignedRank
{
    /// <param name="differences">Finite differences.</param>
    /// <param name="rounding">Absolute differences up to this far apart tie, and those up to this size count as 0.</param>
    /// <returns>Two-sided p; 1 if every difference is 0.</returns>
    public static double PValue(IReadOnlyList<double> differences, double rounding = 0)
    {
        var ordered = differences.Where(difference => Math.Abs(difference) > rounding).OrderBy(Math.Abs).ToList();
        var doubledRanks = DoubledRanks(ordered, rounding);
        var observed = ordered.Zip(doubledRanks).Where(pair => pair.First > 0).Sum(pair => pair.Second);

        // chance[s]: probability that the doubled ranks with a plus sign sum to s
        var chance = new double[doubledRanks.Sum() + 1];
        chance[0] = 1;
        foreach (var rank in doubledRanks)
        {
            for (var sum = chance.Length - 1; sum >= 0; sum--)
                chance[sum] = (chance[sum] + (sum >= rank ? chance[sum - rank] : 0)) / 2;
        }

        var below = chance.Take(observed + 1).Sum();
        var above = chance.Skip(observed).Sum();
        return Math.Min(1, 2 * Math.Min(below, above));
    }

    /// <summary>Returns twice the ranks, so that the mean rank of a tie is a whole number.</summary>
    private static List<int> DoubledRanks(List<double> ordered, double rounding)
    {
        var ranks = new List<int>();
        while (ranks.Count < ordered.Count)
        {
            var first = ranks.Count;
            var end = first + 1;
            while (end < ordered.Count && Math.Abs(ordered[end]) - Math.Abs(ordered[end - 1]) <= rounding) end++;
            ranks.AddRange(Enumerable.Repeat(first + 1 + end, end - first)); // ranks first + 1 .. end
        }

        return ranks;
    }
}

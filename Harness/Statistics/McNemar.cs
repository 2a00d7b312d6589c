using MathNet.Numerics.Distributions;

namespace Ablation.Harness.Statistics;

/// <summary>
/// McNemar's test of two networks on the same cases. Only cases that one of them gets right and the other wrong count; if the two were
/// equally good, each such case would be a coin toss.
/// </summary>
/// <param name="CandidateOnly">Cases that only the candidate gets right.</param>
/// <param name="BaselineOnly">Cases that only the baseline gets right.</param>
/// <param name="ExactP">Two-sided, binomial; never rejects more often than its level. 1 if no case differs.</param>
/// <param name="MidP">The same with half the probability of the observed outcome: less conservative, and may reject slightly more often
/// than its level.</param>
/// <remarks>
/// Q. McNemar, Psychometrika 12, 1947; mid-p: Fagerland, Lydersen and Laake, "The McNemar test for binary matched-pairs data: mid-p and
/// asymptotic are better than exact conditional", BMC Medical Research Methodology 13, 2013. The test assumes independent cases. Pairs that
/// share a person are not independent, so this p is too small for them; a bootstrap over identities is not affected.
/// </remarks>
public sealed record McNemar(int CandidateOnly, int BaselineOnly, double ExactP, double MidP)
{
    /// <param name="candidate">Whether it got each case right.</param>
    /// <param name="baseline">The same cases in the same order.</param>
    /// <exception cref="ArgumentException">The numbers of cases differ.</exception>
    public static McNemar Test(IReadOnlyList<bool> candidate, IReadOnlyList<bool> baseline)
    {
        if (candidate.Count != baseline.Count)
            throw new ArgumentException(
                $"{candidate.Count} answers against {baseline.Count}; give both networks' answers to the same cases");
        int candidateOnly = 0, baselineOnly = 0;
        for (var i = 0; i < candidate.Count; i++)
        {
            if (candidate[i] && !baseline[i]) candidateOnly++;
            if (baseline[i] && !candidate[i]) baselineOnly++;
        }

        return Test(candidateOnly, baselineOnly);
    }

    /// <summary>Tests the two numbers of discordant cases.</summary>
    public static McNemar Test(int candidateOnly, int baselineOnly)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(candidateOnly);
        ArgumentOutOfRangeException.ThrowIfNegative(baselineOnly);
        var (all, fewer) = (candidateOnly + baselineOnly, Math.Min(candidateOnly, baselineOnly));
        if (all == 0) return new McNemar(0, 0, 1, 1);
        var tail = Binomial.CDF(0.5, all, fewer);
        return new McNemar(candidateOnly, baselineOnly, Math.Min(1, 2 * tail), Math.Min(1, 2 * tail - Binomial.PMF(0.5, all, fewer)));
    }
}

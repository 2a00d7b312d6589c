using MathNet.Numerics.Distributions;

namespace Ablation.Harness.Statistics;

/// <summary>
/// McNemar's test of two networks on the same cases: only cases that one of them gets right and the other wrong count, and if the two were
/// alike, each would be a coin's toss.
/// </summary>
/// <param name="CandidateOnly">Cases right by the candidate alone.</param>
/// <param name="BaselineOnly">Cases right by the baseline alone.</param>
/// <param name="ExactP">Two-sided, binomial; never above its level. 1 where no case differs.</param>
/// <param name="MidP">The same with half of the observed outcome's own probability: less conservative, and may exceed its level
/// slightly.</param>
/// <remarks>
/// Q. McNemar, Psychometrika 12, 1947; mid-p: Fagerland, Lydersen and Laake, "The McNemar test for binary matched-pairs data: mid-p and
/// asymptotic are better than exact conditional", BMC Medical Research Methodology 13, 2013. Cases are taken as independent. Pairs that
/// share a person are not, so this p is too small there; a bootstrap over identities is not affected.
/// </remarks>
public sealed record McNemar(int CandidateOnly, int BaselineOnly, double ExactP, double MidP)
{
    /// <param name="candidate">Which cases it got right.</param>
    /// <param name="baseline">The same cases in the same order.</param>
    /// <exception cref="ArgumentException">Not the same number of cases.</exception>
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

    /// <summary>From the two numbers of discordant cases.</summary>
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

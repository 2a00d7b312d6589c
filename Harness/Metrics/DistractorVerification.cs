namespace Ablation.Harness.Metrics;

/// <summary>
/// MegaFace's verification: mates against every pair of a probe and a distractor. Computes the true accept rate at the lowest threshold
/// whose false accept rate is not above the target; scores strictly above the threshold are accepted (conservative).
/// </summary>
public static class DistractorVerification
{
    /// <summary>FARs, each reported if it amounts to at least one impostor pair.</summary>
    public static readonly IReadOnlyList<double> FalseAcceptRates = [1e-6, 1e-5, 1e-4];

    private const int MostKept = 1_000_000; // scores of 8 bytes; with more impostors than this allows, the larger rates are n/a

    /// <summary>Returns how many of the highest impostor scores must be kept for the largest rate.</summary>
    internal static int Kept(long probes, long distractors) =>
        (int)Math.Min(MostKept, Allowed(probes * distractors, FalseAcceptRates[^1]) + 1);

    internal static IEnumerable<Metric> Figures(IdentificationScores scores, int level, bool canRank)
    {
        if (scores.Distractors.Length == 0) yield break;
        var impostors = (long)scores.Probes * scores.Distractors[level];
        foreach (var rate in FalseAcceptRates.Where(rate => Allowed(impostors, rate) > 0))
            yield return new Metric(scores.Test, scores.Name($"TAR@FAR=1e{Math.Log10(rate):F0}", level),
                "conservative, mates against distractors", canRank
                    ? Tar(scores, level, impostors, rate) : null, null, scores.MateScore.Length);
    }

    private static double? Tar(IdentificationScores scores, int level, long impostors, double rate)
    {
        var (allowed, highest) = (Allowed(impostors, rate), scores.Highest[level]);
        if (allowed >= highest.Length) return null; // not kept
        return (double)scores.MateScore.Count(score => score > highest[allowed]) / scores.MateScore.Length;
    }

    /// <summary>Returns the largest number of impostor pairs that may be accepted.</summary>
    private static long Allowed(long impostors, double rate)
    {
        var allowed = (long)(rate * impostors);
        while ((double)(allowed + 1) / impostors <= rate) allowed++;
        return allowed;
    }
}


namespace Ablation.Harness.Metrics;

/// <summary>Figures of open-set identification: some probes have no mate, and a threshold must reject them.</summary>
public static class OpenSet
{
    /// <summary>Shares of false positives at which figures are reported.</summary>
    public static readonly IReadOnlyList<double> FalsePositiveRates = [0.01, 0.1];

    /// <summary>
    /// Computes FNIR by both rules at each rate if the test has non-mated probes, and with <paramref name="isAll"/> the older TPIR. Where
    /// the protocol names its rates it counts hits: TPIR at those, with the mate within each of its ranks.
    /// </summary>
    internal static IEnumerable<Metric> Figures(IdentificationScores scores, int level, bool canRank, bool isAll)
    {
        var trials = new RankedTrials(scores, level);
        double[] strangers = [.. Enumerable.Range(0, scores.Probes).Where(probe => scores.MateCount[probe] == 0)
            .Select(probe => scores.BestOther[probe * scores.Levels + level]).OrderDescending()];
        foreach (var rate in scores.FalsePositiveRates ?? FalsePositiveRates)
        {
            var at = rate.ToString("0.####");
            var threshold = canRank && strangers.Length > 0 ? Threshold(strangers, rate) : null;
            if (strangers.Length > 0 && scores.FalsePositiveRates is not null)
            {
                foreach (var rank in scores.Ranks.OrderDescending())
                    yield return Of($"TPIR{rank}@FPIR={at}", $"conservative, mate within rank {rank}",
                        threshold is { } one && rank <= RankLimit.Largest(scores, level)
                        ? Share(trials, i => trials.BestMate[i] > one && trials.Before[i] < rank) : null);
            }
            else if (strangers.Length > 0)
            {
                yield return Of($"FNIR@FPIR={at}", "conservative, by score", threshold is { } one
                    ? Share(trials, i => !(trials.BestMate[i] > one)) : null);
                yield return Of($"FNIR@FPIR={at}", "conservative, mate at rank 1", threshold is { } both
                    ? Share(trials, i => !(trials.BestMate[i] > both) || trials.Before[i] > 0) : null);
            }

            if (isAll) yield return Of($"TPIR@FPIR={at}", "over all non-mate scores", canRank
                ? OlderTpir(scores, trials, level, rate) : null);
        }

        Metric Of(string name, string estimator, double? value) =>
            new(scores.Test, scores.Name(name, level), estimator, value, null, trials.Before.Length);
    }

    /// <summary>
    /// Returns the lowest threshold that the best scores of at most the share <paramref name="rate"/> of the non-mated probes exceed
    /// strictly. Null if the rate amounts to less than one probe: these probes cannot measure it.
    /// </summary>
    /// <param name="strangers">Best scores of the non-mated probes, falling.</param>
    internal static double? Threshold(double[] strangers, double rate)
    {
        var allowed = 0;
        while (allowed < strangers.Length && (double)(allowed + 1) / strangers.Length <= rate) allowed++;
        return allowed == 0 ? null : allowed == strangers.Length ? double.NegativeInfinity : strangers[allowed];
    }

    /// <summary>
    /// Returns the share of mated probes whose best mate scores above the n-th highest of all scores of other identities, n = rate x mated
    /// probes rounded up. The 1:N scripts for IJB compute it so; one probe may give many false positives. Null if the rate amounts to less
    /// than one mated probe, or there are fewer than n scores.
    /// </summary>
    internal static double? OlderTpir(IdentificationScores scores, RankedTrials trials, int level, double rate)
    {
        var mated = trials.BestMate.Length;
        if (rate * mated < 1) return null;
        var place = (int)Math.Ceiling(rate * mated);
        return place > scores.Highest[level].Length ? null : Share(trials, i => trials.BestMate[i] > scores.Highest[level][place - 1]);
    }

    private static double Share(RankedTrials trials, Func<int, bool> holds) =>
        (double)Enumerable.Range(0, trials.Before.Length).Count(holds) / trials.Before.Length;
}

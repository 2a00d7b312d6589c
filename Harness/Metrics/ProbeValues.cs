namespace Ablation.Harness.Metrics;

/// <summary>
/// An identification figure as the mean of one value per trial: 1 or 0 for rank-k, the average precision for mAP.
/// </summary>
/// <param name="Person">The person of each trial; null if the test has no persons.</param>
/// <param name="AreHits">Whether all values are 0 or 1.</param>
internal sealed record ProbeValues(double[] Values, int[]? Person, bool AreHits)
{
    /// <summary>Finds the values by the figure's name and estimator; null if it has no value, and for other figures.</summary>
    public static ProbeValues? ForMetric(IdentificationScores scores, string name, string estimator)
    {
        for (var level = 0; level < scores.Levels; level++)
        {
            foreach (var k in scores.Ranks)
            {
                if (scores.Name($"rank-{k}", level) != name || estimator != IdentificationMetrics.RankEstimator(scores.Mates)) continue;
                return scores.CanRank(level) && k <= RankLimit.Largest(scores, level) ? Hits(new RankedTrials(scores, level), k) : null;
            }

            if (scores.Mates != MateRule.Any || scores.Name("mAP", level) != name || estimator != IdentificationMetrics.AllMates) continue;
            var trials = new RankedTrials(scores, level);
            return scores.CanRank(level) ? new ProbeValues(trials.AveragePrecision, trials.Person, false) : null;
        }

        return null;
    }

    private static ProbeValues Hits(RankedTrials trials, int k) =>
        new(Array.ConvertAll(trials.Before, before => before < k ? 1.0 : 0), trials.Person, true);
}

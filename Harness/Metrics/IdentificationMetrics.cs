using Ablation.Harness.Foundations;

namespace Ablation.Harness.Metrics;

/// <summary>Every figure of an identification test, each with the name of its estimator.</summary>
public static class IdentificationMetrics
{
    /// <summary>
    /// Returns whether a rank means anything: there are mates and other identities, and not all of their scores are equal.
    /// </summary>
    public static bool CanRank(this IdentificationScores scores, int level)
    {
        if (scores.MateScore.Length == 0) return false;
        var one = scores.MateScore[0];
        var (others, areEqual) = (false, !scores.MateScore.AsSpan().ContainsAnyExcept(one));
        for (var probe = 0; probe < scores.Probes; probe++)
        {
            var best = scores.BestOther[probe * scores.Levels + level];
            others |= !double.IsNegativeInfinity(best);
            areEqual &= best == one;
        }

        return others && !areEqual;
    }

    /// <summary>
    /// Computes the cumulative match characteristic: shares of trials whose mate is within the first 1, 2, .., <paramref name="most"/>, or
    /// up to <see cref="RankLimit"/> if that is less. Null if <see cref="CanRank"/> is false.
    /// </summary>
    public static double[]? Cmc(this IdentificationScores scores, int level, int most)
    {
        scores.Check();
        if (!scores.CanRank(level)) return null;
        most = Math.Min(most, RankLimit.Largest(scores, level));
        if (most < 1) return null;
        var trials = new RankedTrials(scores, level);
        var reached = new double[most];
        foreach (var before in trials.Before)
        {
            if (before < most) reached[before]++;
        }

        for (var k = 0; k < most; k++) reached[k] += k == 0 ? 0 : reached[k - 1];
        return Array.ConvertAll(reached, count => count / trials.Before.Length);
    }

    internal const string AllMates = "all mates";

    internal static string RankEstimator(MateRule mates) => mates == MateRule.Any ? "any mate" : "each mate alone";

    /// <summary>
    /// Computes for every level rank-k; with <see cref="MateRule.Any"/> also mAP, and FNIR if the test has non-mated probes; with
    /// <see cref="MateRule.EachAlone"/> TAR against the distractors. A figure that these scores cannot support (<see cref="CanRank"/>; a
    /// rank beyond <see cref="RankLimit"/>; an FPIR below one probe in all) has a null value.
    /// </summary>
    /// <param name="bootstrap">For intervals over the identities of the probes; null for none.</param>
    /// <param name="isAll">Whether to add the older TPIR.</param>
    /// <exception cref="DataProblem">The scores are damaged.</exception>
    internal static List<Metric> Figures(IdentificationScores scores, (int Draws, int Seed)? bootstrap, bool isAll)
    {
        scores.Check();
        var figures = new List<Metric>();
        for (var level = 0; level < scores.Levels; level++)
        {
            var (trials, canRank, limit) = (new RankedTrials(scores, level), scores.CanRank(level), RankLimit.Largest(scores, level));
            var interval = bootstrap is { } drawn && canRank ? new ProbeBootstrap(trials.Person!, drawn.Draws, drawn.Seed) : null;
            var estimator = RankEstimator(scores.Mates);
            foreach (var k in scores.Ranks)
                Add($"rank-{k}", estimator, Array.ConvertAll(trials.Before, before => before < k ? 1.0 : 0), k <= limit);
            if (scores.Mates == MateRule.Any)
            {
                Add("mAP", AllMates, trials.AveragePrecision);
                figures.AddRange(OpenSet.Figures(scores, level, canRank, isAll));
            }
            else
            {
                figures.AddRange(DistractorVerification.Figures(scores, level, canRank));
            }

            void Add(string name, string how, double[] values, bool isFigure = true) =>
                figures.Add(new Metric(scores.Test, scores.Name(name, level), how, canRank && isFigure
                    ? values.Average() : null, null, values.Length)
                { Interval = isFigure ? interval?.Interval(values) : null });
        }

        return figures;
    }
}

/// <summary>Enrols <see cref="IdentificationMetrics"/> as the figures of <see cref="IdentificationScores"/>.</summary>
public sealed class ProbeMetrics : TestMetrics<IdentificationScores>
{
    /// <inheritdoc/>
    public override IReadOnlyList<Metric> Metrics(IdentificationScores scores) => IdentificationMetrics.Figures(scores, null, isAll: false);

    /// <inheritdoc/>
    public override IReadOnlyList<Metric> AllMetrics(IdentificationScores scores, int draws, int seed) =>
        IdentificationMetrics.Figures(scores, draws > 0 && scores.Person is not null ? (draws, seed) : null, isAll: true);
}

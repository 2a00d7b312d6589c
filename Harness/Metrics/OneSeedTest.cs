using Ablation.Harness.Foundations;
using Ablation.Harness.Statistics;

namespace Ablation.Harness.Metrics;

/// <summary>Compares two trials on one test where they have one seed in common, from their raw scores.</summary>
/// <remarks>
/// Where persons are known and draws are made, <see cref="PairedBootstrap"/> decides: cases that share a person are not independent, and
/// McNemar's test then finds differences between alike networks twice as often as it should (simulated, docs/statistics.md). Without
/// persons, figures that are shares of right answers (accuracy by folds, rank-k) go to <see cref="McNemar"/>.
/// </remarks>
public static class OneSeedTest
{
    /// <summary>One comparison per figure, in the order given.</summary>
    /// <param name="figures">Names and estimators, as the scores' own metrics have them.</param>
    /// <param name="draws">Of the bootstrap; 0 for none: then only accuracy and rank-k are compared, at once.</param>
    /// <returns>Null where no test is possible: print "n/a (one seed)".</returns>
    /// <exception cref="DataProblem">The scores are damaged, or not of the same pairs or probes.</exception>
    public static IReadOnlyList<OneSeedComparison?> Compare(TestScores candidate, TestScores baseline,
        IReadOnlyList<(string Name, string Estimator)> figures, int draws = PairedBootstrap.UsualDraws, int seed = 0)
    {
        var drawn = PairedBootstrap.Differences(candidate, baseline, figures, draws, seed);
        return [.. figures.Select((figure, i) => drawn[i] is { } found ? ByDraws(found) : ByAnswers(candidate, baseline, figure))];
    }

    /// <summary>Which cases were answered rightly; null where the figure is no share of right answers, or has no value.</summary>
    /// <exception cref="DataProblem">The scores are damaged.</exception>
    public static bool[]? Answers(TestScores scores, string name, string estimator) => scores switch
    {
        PairScores pairs when name == "accuracy" && estimator == FoldAccuracy.Estimator(pairs, "grid") => FoldDecisions.OnGrid(pairs),
        PairScores pairs when name == "accuracy" && estimator == FoldAccuracy.Estimator(pairs, "exact") => FoldDecisions.OnScores(pairs),
        IdentificationScores probes when ProbeValues.ForMetric(probes, name, estimator) is { AreHits: true } hits =>
            Array.ConvertAll(hits.Values, value => value == 1),
        _ => null,
    };

    private static OneSeedComparison? ByAnswers(TestScores candidate, TestScores baseline, (string Name, string Estimator) figure) =>
        Answers(candidate, figure.Name, figure.Estimator) is { } one && Answers(baseline, figure.Name, figure.Estimator) is { } other
            ? OneSeedComparison.FromMcNemar(McNemar.Test(one, other), one.Length) : null;

    private static OneSeedComparison ByDraws(BootstrapDifference found) =>
        new(OneSeedComparison.ByBootstrap, found.Difference, found.P, found.Interval.Low, found.Interval.High, found.Interval.Kind);
}

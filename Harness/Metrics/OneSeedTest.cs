using Ablation.Harness.Foundations;
using Ablation.Harness.Statistics;

namespace Ablation.Harness.Metrics;

/// <summary>Compares two trials with one seed in common on one test, from their raw scores.</summary>
/// <remarks>
/// If persons are known and draws are made, uses <see cref="PairedBootstrap"/>: cases that share a person are not independent, and
/// McNemar's test then finds differences between equally good networks twice as often as it should (simulated, docs/statistics.md). Without
/// persons, uses <see cref="McNemar"/> for figures that are shares of right answers (accuracy by folds, rank-k).
/// </remarks>
public static class OneSeedTest
{
    /// <summary>Returns one comparison per figure, in the order given.</summary>
    /// <param name="figures">Names and estimators of the scores' metrics.</param>
    /// <param name="draws">Draws of the bootstrap; with 0, which is fast, only accuracy and rank-k are compared.</param>
    /// <returns>Null if no test is possible; printed "n/a (one seed)".</returns>
    /// <exception cref="DataProblem">The scores are damaged, or not of the same pairs or probes.</exception>
    public static IReadOnlyList<OneSeedComparison?> Compare(TestScores candidate, TestScores baseline,
        IReadOnlyList<(string Name, string Estimator)> figures, int draws = PairedBootstrap.UsualDraws, int seed = 0)
    {
        var drawn = PairedBootstrap.Differences(candidate, baseline, figures, draws, seed);
        return [.. figures.Select((figure, i) => drawn[i] is { } found ? ByDraws(found) : ByAnswers(candidate, baseline, figure))];
    }

    /// <summary>Returns which cases were answered correctly; null if the figure is not a share of right answers or has no value.</summary>
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

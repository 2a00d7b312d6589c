using Ablation.Harness.Foundations;

namespace Ablation.Harness.Metrics;

/// <summary>
/// Bootstraps differences of figures between two networks on one test over identities. Each draw has the same people for both
/// (<see cref="FigureDraws"/>).
/// </summary>
public static class PairedBootstrap
{
    /// <summary>The default number of draws.</summary>
    public const int UsualDraws = 2000;

    /// <summary>Returns one difference per figure, in the order given.</summary>
    /// <param name="figures">Names and estimators of the scores' metrics.</param>
    /// <param name="draws">0 or more; 0 gives no difference.</param>
    /// <returns>Null if a figure has no value, persons are not known or fewer than two, or the figure is not a mean over probes (open
    /// set).</returns>
    /// <exception cref="DataProblem">The scores are damaged, or not of the same pairs or probes.</exception>
    public static IReadOnlyList<BootstrapDifference?> Differences(TestScores candidate, TestScores baseline,
        IReadOnlyList<(string Name, string Estimator)> figures, int draws = UsualDraws, int seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(draws);
        SameCases.Require(candidate, baseline);
        if (draws == 0) return new BootstrapDifference?[figures.Count];
        return [.. FigureDraws.Of(candidate, figures, draws, seed).Zip(FigureDraws.Of(baseline, figures, draws, seed),
            (own, other) => own is null || other is null ? null : BootstrapDifference.FromDraws(own.Value - other.Value,
                [.. own.Drawn.Zip(other.Drawn, (one, two) => one - two)], $"paired identity bootstrap, {own.How}"))];
    }
}

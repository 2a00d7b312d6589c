using Ablation.Harness.Foundations;

namespace Ablation.Harness.Metrics;

/// <summary>
/// Bootstraps differences of figures between two networks on one test over identities. Each draw gives both networks' scores the same
/// weights, so the effect of easy and hard persons on both cancels. The draws are those of <see cref="IdentityBootstrap"/> and
/// <see cref="ProbeBootstrap"/>; they depend only on seed and draw.
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
        return (candidate, baseline) switch
        {
            (PairScores one, PairScores other) => OfPairs(one, other, figures, draws, seed),
            (IdentificationScores one, IdentificationScores other) =>
                [.. figures.Select(figure => OfProbes(one, other, figure, draws, seed))],
            _ => new BootstrapDifference?[figures.Count],
        };
    }

    private static BootstrapDifference?[] OfPairs(PairScores candidate, PairScores baseline,
        IReadOnlyList<(string Name, string Estimator)> wanted, int draws, int seed)
    {
        var found = new BootstrapDifference?[wanted.Count];
        if (IdentityBootstrap.Numbered(candidate) is not { Persons: >= 2 } persons) return found;
        var (own, other) = (new Side(candidate, wanted), new Side(baseline, wanted));
        var drawn = Array.ConvertAll(found, _ => new double[draws]);
        Parallel.For(0, draws, draw =>
        {
            var weights = IdentityBootstrap.Weights(candidate.Same, persons.First, persons.Second,
                IdentityBootstrap.Drawn(persons.Persons, draw, seed));
            var (one, two) = (own.Take(weights), other.Take(weights));
            for (var figure = 0; figure < wanted.Count; figure++) drawn[figure][draw] = one[figure] - two[figure];
        });
        var how = How(draws, seed) + (candidate.PersonsFrom == PairScores.PersonsFromPairs ? ", identities by same pairs" : "");
        var (value, against) = (own.Take(null), other.Take(null));
        for (var figure = 0; figure < wanted.Count; figure++)
        {
            var difference = value[figure] - against[figure];
            found[figure] = double.IsNaN(difference) ? null : BootstrapDifference.FromDraws(difference, drawn[figure], how);
        }

        return found;
    }

    private static BootstrapDifference? OfProbes(IdentificationScores candidate, IdentificationScores baseline,
        (string Name, string Estimator) figure, int draws, int seed)
    {
        if (ProbeValues.ForMetric(candidate, figure.Name, figure.Estimator) is not { Person: { } person } one
            || ProbeValues.ForMetric(baseline, figure.Name, figure.Estimator) is not { } two) return null;
        double[] differences = [.. one.Values.Zip(two.Values, (own, other) => own - other)];
        return new ProbeBootstrap(person, draws, seed).Means(differences) is { } drawn
            ? BootstrapDifference.FromDraws(differences.Average(), drawn, How(draws, seed)) : null;
    }

    private static string How(int draws, int seed) => $"paired identity bootstrap, {draws} draws, seed {seed}";

    /// <summary>The figures of one network, to be computed with any weights.</summary>
    private sealed class Side
    {
        private readonly PairScores scores;
        private readonly DistinctScores distinct;
        private readonly PairFigure?[] figures;

        public Side(PairScores scores, IReadOnlyList<(string Name, string Estimator)> wanted)
        {
            (this.scores, distinct) = (scores, new DistinctScores(scores.SquaredDistance));
            var every = VerificationMetrics.EveryFigure(scores, distinct);
            figures = [.. wanted.Select(one => every.FirstOrDefault(figure => (figure.Name, figure.Estimator) == one))];
        }

        /// <summary>Computes the figures; NaN if these weights do not support one.</summary>
        public double[] Take(long[]? weights)
        {
            var roc = weights is null ? RocCurve.Build(scores) : RocCurve.Build(scores, distinct, weights);
            return Array.ConvertAll(figures, figure => figure?.Compute(weights, roc)?.Value ?? double.NaN);
        }
    }
}

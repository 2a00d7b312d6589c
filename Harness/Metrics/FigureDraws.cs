using Ablation.Harness.Foundations;

namespace Ablation.Harness.Metrics;

/// <summary>
/// A figure of one network under draws of the test's people. Draw k has the same people for every network, so that differences between
/// networks, and means over seeds, are formed draw by draw, and the effect of easy and hard people cancels.
/// </summary>
/// <param name="Value">With every person counted once.</param>
/// <param name="Drawn">The figure in each draw; NaN where the drawn people do not support it.</param>
/// <param name="Persons">People of the test.</param>
/// <param name="How">"2000 draws, seed 0".</param>
/// <remarks>The draws are those of <see cref="IdentityBootstrap"/> and <see cref="ProbeBootstrap"/>; they depend only on seed and
/// draw.</remarks>
public sealed record FigureDraws(double Value, double[] Drawn, int Persons, string How)
{
    /// <summary>Returns the draws of each figure, in the order given.</summary>
    /// <param name="figures">Names and estimators of the scores' metrics.</param>
    /// <param name="draws">At least 1.</param>
    /// <returns>Null if a figure has no value, persons are not known or fewer than two, or the figure is not a mean over probes (open
    /// set).</returns>
    /// <exception cref="DataProblem">The scores are damaged.</exception>
    public static IReadOnlyList<FigureDraws?> Of(TestScores scores, IReadOnlyList<(string Name, string Estimator)> figures, int draws,
        int seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 1);
        return scores switch
        {
            PairScores pairs => OfPairs(pairs, figures, draws, seed),
            IdentificationScores probes => [.. figures.Select(figure => OfProbes(probes, figure, draws, seed))],
            _ => new FigureDraws?[figures.Count],
        };
    }

    /// <summary>Returns the sample variance, over the draws, of the mean over seeds of candidate less baseline; null if more than 5 % of
    /// the draws have no value.</summary>
    /// <param name="candidate">One trial per seed.</param>
    /// <param name="baseline">The trials of the same seeds, in the same order.</param>
    public static double? VarianceOfMeanDifference(IReadOnlyList<FigureDraws> candidate, IReadOnlyList<FigureDraws> baseline)
    {
        double[] differences = [.. candidate[0].Drawn.Select((_, draw) =>
            candidate.Zip(baseline, (one, other) => one.Drawn[draw] - other.Drawn[draw]).Average())];
        var values = differences.Where(double.IsFinite).ToList();
        if (values.Count < 2 || differences.Length - values.Count > IdentityBootstrap.MostWithoutValue * differences.Length) return null;
        var mean = values.Average();
        return values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1);
    }

    private static FigureDraws?[] OfPairs(PairScores scores, IReadOnlyList<(string Name, string Estimator)> wanted, int draws, int seed)
    {
        if (IdentityBootstrap.Numbered(scores) is not { Persons: >= 2 } persons) return new FigureDraws?[wanted.Count];
        scores.Check();
        var distinct = new DistinctScores(scores.SquaredDistance);
        var every = VerificationMetrics.EveryFigure(scores, distinct);
        PairFigure?[] figures = [.. wanted.Select(one => every.FirstOrDefault(figure => (figure.Name, figure.Estimator) == one))];
        var drawn = Array.ConvertAll(figures, _ => new double[draws]);
        Parallel.For(0, draws, draw =>
        {
            var weights = IdentityBootstrap.Weights(scores.Same, persons.First, persons.Second,
                IdentityBootstrap.Drawn(persons.Persons, draw, seed));
            var values = Take(weights);
            for (var figure = 0; figure < figures.Length; figure++) drawn[figure][draw] = values[figure];
        });
        var how = $"{draws} draws, seed {seed}"
            + (scores.PersonsFrom == PairScores.PersonsFromPairs ? ", identities by same pairs" : "");
        return [.. Take(null).Select((value, figure) =>
            double.IsNaN(value) ? null : new FigureDraws(value, drawn[figure], persons.Persons, how))];

        double[] Take(long[]? weights)
        {
            var roc = weights is null ? RocCurve.Build(scores) : RocCurve.Build(scores, distinct, weights);
            return Array.ConvertAll(figures, figure => figure?.Compute(weights, roc)?.Value ?? double.NaN);
        }
    }

    private static FigureDraws? OfProbes(IdentificationScores scores, (string Name, string Estimator) figure, int draws, int seed)
    {
        if (ProbeValues.ForMetric(scores, figure.Name, figure.Estimator) is not { Person: { } person } values
            || new ProbeBootstrap(person, draws, seed).Means(values.Values) is not { } means) return null;
        return new FigureDraws(values.Values.Average(), means, person.Distinct().Count(), $"{draws} draws, seed {seed}");
    }
}

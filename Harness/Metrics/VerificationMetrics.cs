using Ablation.Harness.Foundations;

namespace Ablation.Harness.Metrics;

/// <summary>Every figure of a pair-verification test, each with the name of its estimator.</summary>
public static class VerificationMetrics
{
    /// <summary>FARs at which every table reports the true accept rate; n/a if a test has too few impostor pairs.</summary>
    public static readonly IReadOnlyList<double> FalseAcceptRates = [1e-1, 1e-2, 1e-3, 1e-4];

    private const int MostPower = 9; // an array holds fewer than 10^10 pairs

    /// <summary>Returns the rates of <see cref="FalseAcceptRates"/> and all lower powers of ten that the impostor pairs support.</summary>
    public static IReadOnlyList<double> Rates(PairScores scores)
    {
        var impostors = scores.Same.AsSpan().Count(false);
        var lowest = -(int)Math.Round(Math.Log10(FalseAcceptRates[^1]));
        var rarer = Enumerable.Range(lowest + 1, MostPower - lowest).Select(power => 1 / Math.Pow(10, power))
            .TakeWhile(far => impostors > 0 && far >= 1.0 / impostors);
        return [.. FalseAcceptRates, .. rarer];
    }

    /// <param name="scores">Squared distances, truths and folds of one test.</param>
    /// <param name="falseAcceptRates">Targets for TAR@FAR, shares above 0.</param>
    /// <returns>
    /// Accuracy (by the scores' convention first, if they name one; grid, exact), TAR at each target in the order given, EER, AUC.
    /// A figure that these pairs cannot support (<see cref="ScoreCheck"/>; a target below one impostor pair in all) has a null value.
    /// </returns>
    /// <exception cref="DataProblem">The scores are damaged (<see cref="ScoreCheck"/>).</exception>
    public static IReadOnlyList<Metric> Metrics(PairScores scores, IReadOnlyList<double> falseAcceptRates)
    {
        scores.Check();
        var distinct = new DistinctScores(scores.SquaredDistance);
        // one sort for all; a test without folds, which may have sixteen million pairs, does not need to know which pair is which
        var roc = scores.Folds < 2 ? RocCurve.Build(scores) : RocCurve.Build(scores, distinct);
        PairFigure[] figures =
        [
            .. ByConvention(scores, distinct),
            Grid(scores),
            Exact(scores, distinct),
            .. falseAcceptRates.Select(Conservative),
            .. Curve(),
        ];
        return [.. Once(figures).Select(figure => figure.Metric(scores, roc))];
    }

    /// <summary>
    /// Computes every estimator and every convention that the scores support, TAR at <see cref="Rates"/>; each with its interval if draws
    /// are made and persons are known (<see cref="IdentityBootstrap"/>).
    /// </summary>
    /// <param name="draws">Draws of the bootstrap; 0 for none.</param>
    /// <exception cref="DataProblem">The scores are damaged (<see cref="ScoreCheck"/>).</exception>
    public static IReadOnlyList<Metric> AllMetrics(PairScores scores, int draws, int seed)
    {
        scores.Check();
        var distinct = new DistinctScores(scores.SquaredDistance);
        var figures = EveryFigure(scores, distinct);
        var roc = RocCurve.Build(scores);
        var metrics = figures.ConvertAll(figure => figure.Metric(scores, roc));
        var intervals = IdentityBootstrap.Intervals(scores, distinct, figures, draws, seed);
        return [.. metrics.Zip(intervals, (metric, interval) => metric.Value is null ? metric : metric with { Interval = interval })];
    }

    /// <summary>Returns the figures of <see cref="AllMetrics"/>, to be computed with any weights of the pairs.</summary>
    internal static List<PairFigure> EveryFigure(PairScores scores, DistinctScores distinct)
    {
        var rates = Rates(scores);
        PairFigure[] all =
        [
            .. ByConvention(scores, distinct),
            Grid(scores),
            Exact(scores, distinct),
            .. PairConvention.All.Where(one => one.IsSupported(scores)).Select(one => one.Figure(scores, distinct)),
            .. rates.Select(Conservative),
            .. rates.Select(far => PairFigure.OfCurve($"TAR@FAR={TarAtFar.Name(far)}", "nearest", roc => roc.Nearest(far))),
            .. rates.Select(far => PairFigure.OfCurve($"TAR@FAR={TarAtFar.Name(far)}", "interpolated", roc => roc.Interpolated(far))),
            .. Curve(),
        ];
        return [.. Once(all)];
    }

    private static IEnumerable<PairFigure> ByConvention(PairScores scores, DistinctScores distinct)
    {
        if (scores.Convention is null) return [];
        var convention = PairConvention.Named(scores.Convention);
        return [convention.Figure(scores, distinct)];
    }

    private static PairFigure Grid(PairScores scores)
    {
        var accuracy = FoldAccuracy.OnGrid(scores);
        return new PairFigure("accuracy", FoldAccuracy.Estimator(scores, "grid"), (weights, _) => accuracy(weights));
    }

    private static PairFigure Exact(PairScores scores, DistinctScores distinct)
    {
        var accuracy = FoldAccuracy.OnScores(scores, distinct);
        return new PairFigure("accuracy", FoldAccuracy.Estimator(scores, "exact"), (weights, _) => accuracy(weights));
    }

    private static PairFigure Conservative(double far) =>
        PairFigure.OfCurve($"TAR@FAR={TarAtFar.Name(far)}", "conservative", roc => roc.At(far));

    private static PairFigure[] Curve() =>
    [
        PairFigure.OfCurve("EER", "interpolated", roc => EqualErrorRate.Crossing(roc.Points)),
        PairFigure.OfCurve("AUC", "ties by half", roc => AreaUnderCurve.Area(roc.Points)),
    ];

    /// <summary>Keeps the first of each estimator: the convention may be one that every table shows.</summary>
    private static IEnumerable<PairFigure> Once(IEnumerable<PairFigure> figures) =>
        figures.DistinctBy(figure => (figure.Name, figure.Estimator));
}

/// <summary>Enrols <see cref="VerificationMetrics"/> as the figures of <see cref="PairScores"/>.</summary>
public sealed class PairMetrics : TestMetrics<PairScores>
{
    /// <inheritdoc/>
    public override IReadOnlyList<Metric> Metrics(PairScores scores) =>
        VerificationMetrics.Metrics(scores, VerificationMetrics.Rates(scores));

    /// <inheritdoc/>
    public override IReadOnlyList<Metric> AllMetrics(PairScores scores, int draws, int seed) =>
        VerificationMetrics.AllMetrics(scores, draws, seed);
}

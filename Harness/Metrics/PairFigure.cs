namespace Ablation.Harness.Metrics;

/// <summary>A figure with its names, which can be computed with any weights of the pairs.</summary>
/// <param name="Compute">Computes it from the pairs' weights and the ROC under these weights.</param>
internal sealed record PairFigure(string Name, string Estimator, Func<long[]?, RocCurve?, PairEstimate?> Compute)
{
    /// <summary>Creates a figure that depends only on the ROC.</summary>
    public static PairFigure OfCurve(string name, string estimator, Func<RocCurve, double?> take) =>
        new(name, estimator, (_, roc) => roc is not null && take(roc) is { } value ? new PairEstimate(value) : null);

    /// <summary>Computes the metric with equal weights.</summary>
    public Metric Metric(PairScores scores, RocCurve? roc)
    {
        var found = Compute(null, roc);
        return new Metric(scores.Test, Name, Estimator, found?.Value, found?.FoldDeviation, scores.Same.Length);
    }
}

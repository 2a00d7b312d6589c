namespace Ablation.Harness.Metrics;

/// <summary>The usual convention of the field: <see cref="FoldAccuracy"/> on the grid.</summary>
public sealed class FieldConvention : PairConvention
{
    /// <inheritdoc/>
    public override string Name => "field";

    /// <inheritdoc/>
    public override string Description => "cross-validated over the folds, thresholds 0, 0.01 .. 3.99 of the squared distance";

    internal override string Estimator(PairScores scores) => FoldAccuracy.Estimator(scores, "grid");

    internal override WeightedFigure Accuracy(PairScores scores, DistinctScores distinct) => FoldAccuracy.OnGrid(scores);
}

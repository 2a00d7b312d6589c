namespace Ablation.Harness.Metrics;

/// <summary>One best threshold for all pairs: <see cref="WholeSetAccuracy.Best"/>.</summary>
public sealed class WholeSetConvention : PairConvention
{
    /// <inheritdoc/>
    public override string Name => "whole-set";

    /// <inheritdoc/>
    public override string Description => "one threshold, the best on the pairs that are measured";

    internal override string Estimator(PairScores scores) => "whole-set";

    internal override WeightedFigure Accuracy(PairScores scores, DistinctScores distinct) => WholeSetAccuracy.Best(scores, distinct);
}

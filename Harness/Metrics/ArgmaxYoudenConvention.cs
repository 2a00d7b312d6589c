namespace Ablation.Harness.Metrics;

/// <summary>The threshold of Youden's index: <see cref="WholeSetAccuracy.Youden"/>.</summary>
public sealed class ArgmaxYoudenConvention : PairConvention
{
    /// <inheritdoc/>
    public override string Name => "argmax-youden";

    /// <inheritdoc/>
    public override string Description => "one threshold, where TAR - FAR is largest on the pairs that are measured";

    internal override string Estimator(PairScores scores) => "argmax-youden";

    internal override WeightedFigure Accuracy(PairScores scores, DistinctScores distinct) => WholeSetAccuracy.Youden(scores, distinct);
}

namespace Ablation.Harness.Metrics;

/// <summary>
/// Accuracy with one threshold for the whole test: chosen on the pairs that it is measured on, so it flatters, a little on thousands of
/// pairs and much on few. The deviation is the population deviation over the folds at that threshold.
/// </summary>
internal static class WholeSetAccuracy
{
    /// <summary>
    /// The first threshold with the best accuracy; every distinct score is one, and "same" is a distance below it (strictly), as in
    /// <see cref="FoldAccuracy"/>.
    /// </summary>
    public static WeightedFigure Best(PairScores scores, DistinctScores distinct) => At(scores, distinct, (genuine, impostors) =>
    {
        long gain = 0, best = 0;
        var at = 0; // the lowest score accepts nothing
        for (var rank = 1; rank < distinct.Count; rank++)
        {
            gain += genuine[rank - 1] - impostors[rank - 1];
            if (gain > best) (best, at) = (gain, rank);
        }

        return at;
    });

    /// <summary>The first point of the ROC with the largest TAR - FAR; in whole numbers, so that rounding breaks no tie.</summary>
    public static WeightedFigure Youden(PairScores scores, DistinctScores distinct) => At(scores, distinct, (genuine, impostors) =>
    {
        var (genuineTotal, impostorTotal) = (genuine.Sum(), impostors.Sum());
        Int128 excess = 0, best = 0;
        var at = 0;
        for (var rank = 1; rank < distinct.Count; rank++) // at the last point nothing is left of the difference
        {
            excess += (Int128)genuine[rank - 1] * impostorTotal - (Int128)impostors[rank - 1] * genuineTotal;
            if (excess > best) (best, at) = (excess, rank);
        }

        return at;
    });

    /// <param name="choose">From the weights at each distinct score: how many of the lowest are accepted.</param>
    private static WeightedFigure At(PairScores scores, DistinctScores distinct, Func<long[], long[], int> choose) => weights =>
    {
        if (!scores.CanSeparate()) return null;
        var (genuine, impostors) = distinct.Histogram(scores.Same, weights);
        var (genuineTotal, impostorTotal) = (genuine.Sum(), impostors.Sum());
        if (genuineTotal == 0 || impostorTotal == 0) return null;
        var accepted = choose(genuine, impostors);

        var (right, all) = (new long[scores.Folds], new long[scores.Folds]);
        for (var pair = 0; pair < scores.Same.Length; pair++)
        {
            var weight = weights is null ? 1 : weights[pair];
            all[scores.Fold[pair]] += weight;
            if (distinct.Rank[pair] < accepted == scores.Same[pair]) right[scores.Fold[pair]] += weight;
        }

        double? deviation = scores.Folds < 2 || all.Contains(0) ? null
            : FoldAccuracy.FromFolds([.. right.Zip(all, (fold, of) => (double)fold / of)]).FoldDeviation;
        return new PairEstimate((double)right.Sum() / (genuineTotal + impostorTotal), deviation);
    };
}

namespace Ablation.Harness.Metrics;

/// <summary>
/// Accuracy with one threshold for the whole test. The threshold is chosen on the pairs that are measured, so the figure is too high: by
/// little on thousands of pairs, by much on few. The deviation is the population deviation over the folds at that threshold.
/// </summary>
internal static class WholeSetAccuracy
{
    /// <summary>
    /// Uses the first threshold with the best accuracy. Every distinct score is a threshold, and "same" is a distance strictly below it, as
    /// in <see cref="FoldAccuracy"/>.
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

    /// <summary>Uses the first point of the ROC with the largest TAR - FAR; in whole numbers, so that rounding breaks no tie.</summary>
    public static WeightedFigure Youden(PairScores scores, DistinctScores distinct) => At(scores, distinct, (genuine, impostors) =>
    {
        var (genuineTotal, impostorTotal) = (genuine.Sum(), impostors.Sum());
        Int128 excess = 0, best = 0;
        var at = 0;
        for (var rank = 1; rank < distinct.Count; rank++) // at the last point the difference is 0
        {
            excess += (Int128)genuine[rank - 1] * impostorTotal - (Int128)impostors[rank - 1] * genuineTotal;
            if (excess > best) (best, at) = (excess, rank);
        }

        return at;
    });

    /// <param name="choose">Chooses, from the weights at each distinct score, how many of the lowest are accepted.</param>
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

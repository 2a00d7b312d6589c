namespace Ablation.Harness.Metrics;

/// <summary>
/// facenet's evaluation with distance_metric 1 and subtract_mean. For each fold, the mean of the other folds' embeddings is subtracted from
/// both embeddings; an image counts in it once per pair that names it. The distance is arccos(cos) / pi; thresholds 0, 0.01 .. 3.99 are
/// chosen on the other folds.
/// </summary>
/// <remarks>Embeddings have length 1 before the mean is computed, as that network's last layer normalises them. Distances are at most 1, so
/// all thresholds above 1 give the same answers.</remarks>
public sealed class MeanCentredArccosConvention : PairConvention
{
    /// <inheritdoc/>
    public override string Name => "mean-centred-arccos";

    /// <inheritdoc/>
    public override string Description =>
        "cross-validated; the mean embedding of the other folds is subtracted, the distance is the angle over pi, thresholds 0, 0.01 .. " +
        "3.99";

    /// <inheritdoc/>
    public override bool NeedsFoldDistances => true;

    internal override string Estimator(PairScores scores) => FoldAccuracy.Estimator(scores, "mean-centred arccos");

    internal override WeightedFigure Accuracy(PairScores scores, DistinctScores distinct)
    {
        if (scores.FoldDistance is not { } distances || scores.Folds < 2 || !scores.CanSeparate()
            || distances.AsSpan().ContainsAnyExceptInRange(0f, 1f)) return _ => null;
        var accepting = FoldAccuracy.Accepting(distances); // pairs x folds
        return weights =>
        {
            var sides = new FoldSides(scores, weights);
            if (!sides.CanLearn) return null;
            var accuracies = new double[scores.Folds];
            var (gain, ownGain) = (new long[FoldAccuracy.GridSize + 1], new long[FoldAccuracy.GridSize + 1]);
            for (var fold = 0; fold < scores.Folds; fold++)
            {
                Array.Clear(gain);
                Array.Clear(ownGain);
                for (var pair = 0; pair < scores.Same.Length; pair++) gain[accepting[pair * scores.Folds + fold]] += sides.Gain(pair);
                foreach (var pair in sides.PairsOf(fold)) ownGain[accepting[pair * scores.Folds + fold]] += sides.Gain(pair);
                accuracies[fold] = (double)FoldAccuracy.RightAtBest(ownGain, sides.Impostors[fold], gain, FoldAccuracy.GridSize)
                    / sides.All[fold];
            }

            return FoldAccuracy.FromFolds(accuracies);
        };
    }
}

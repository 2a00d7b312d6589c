namespace Ablation.Harness.Metrics;

/// <summary>
/// Verification accuracy by cross-validation. For each fold, the first threshold with the best accuracy on the other folds is applied
/// to the fold held out; reports mean and population deviation over the folds. A pair is called "same" if its distance is strictly below
/// the threshold.
/// </summary>
/// <remarks>
/// There is no value if scores cannot be separated, a fold has no pairs, or the other folds have one class only.
/// Source of the grid: the field's evaluation script for files such as <c>lfw.bin</c> (thresholds 0, 0.01 .. 3.99).
/// </remarks>
public static class FoldAccuracy
{
    internal const int GridSize = 400;

    /// <summary>Computes the metric with every distinct score of the test as a threshold, from one sort.</summary>
    public static Metric Exact(PairScores scores)
    {
        var found = OnScores(scores, new DistinctScores(scores.SquaredDistance))(null);
        return new Metric(scores.Test, "accuracy", Estimator(scores, "exact"), found?.Value, found?.FoldDeviation, scores.Same.Length);
    }

    /// <summary>Computes it with thresholds 0, 0.01, .., 3.99.</summary>
    internal static WeightedFigure OnGrid(PairScores scores)
    {
        if (scores.Folds < 2) return _ => null; // checked first, to skip the work for tests of sixteen million pairs, which have one fold
        var accepting = Accepting(scores.SquaredDistance);
        return weights => Estimate(scores, accepting, GridSize, weights);
    }

    /// <summary>Computes it with every distinct score of the test as a threshold.</summary>
    internal static WeightedFigure OnScores(PairScores scores, DistinctScores distinct)
    {
        if (scores.Folds < 2) return _ => null;
        // the comparison is strict: the threshold equal to a pair's score, number rank, does not accept the pair
        var accepting = Array.ConvertAll(distinct.Rank, rank => rank + 1);
        return weights => Estimate(scores, accepting, distinct.Count, weights);
    }

    internal static string Estimator(PairScores scores, string thresholdRule) => $"{scores.Folds}-fold, {thresholdRule}";

    /// <summary>Returns, per distance, the first threshold of the grid above it; <see cref="GridSize"/> if none is.</summary>
    internal static int[] Accepting(float[] distances) => Array.ConvertAll(distances, distance =>
    {
        // the quotient is rounded: correct it by the comparison that defines the result
        var i = Math.Clamp((int)(distance / 0.01), 0, GridSize);
        while (i > 0 && distance < (i - 1) * 0.01) i--;
        while (i < GridSize && distance >= i * 0.01) i++;
        return i;
    });

    /// <summary>Counts the right answers, by weight, in the fold held out, at the first threshold that is best on the others.</summary>
    /// <param name="gain">For each threshold, the right answers gained (genuine) minus those lost (impostors) when it is reached, over all
    /// folds.</param>
    /// <param name="ownGain">The same over the fold held out.</param>
    /// <param name="ownImpostors">Right answers of that fold when nothing is accepted.</param>
    internal static long RightAtBest(long[] ownGain, long ownImpostors, long[] gain, int thresholds)
    {
        long own = ownImpostors, other = 0, best = long.MinValue, rightAtBest = 0;
        for (var threshold = 0; threshold < thresholds; threshold++)
        {
            own += ownGain[threshold];
            other += gain[threshold] - ownGain[threshold];
            if (other <= best) continue;
            (best, rightAtBest) = (other, own);
        }

        return rightAtBest;
    }

    internal static PairEstimate FromFolds(double[] accuracies)
    {
        var mean = accuracies.Average();
        return new PairEstimate(mean, Math.Sqrt(accuracies.Average(accuracy => (accuracy - mean) * (accuracy - mean))));
    }

    /// <param name="accepting">Per pair, the first threshold that calls it "same"; <paramref name="thresholds"/> if none does.</param>
    private static PairEstimate? Estimate(PairScores scores, int[] accepting, int thresholds, long[]? weights)
    {
        if (scores.Folds < 2 || !scores.CanSeparate()) return null;
        var (gain, sides) = (new long[thresholds + 1], new FoldSides(scores, weights));
        if (!sides.CanLearn) return null;
        for (var pair = 0; pair < accepting.Length; pair++) gain[accepting[pair]] += sides.Gain(pair);

        var accuracies = new double[scores.Folds];
        var ownGain = new long[thresholds + 1];
        for (var fold = 0; fold < scores.Folds; fold++)
        {
            Array.Clear(ownGain);
            foreach (var pair in sides.PairsOf(fold)) ownGain[accepting[pair]] += sides.Gain(pair);
            accuracies[fold] = (double)RightAtBest(ownGain, sides.Impostors[fold], gain, thresholds) / sides.All[fold];
        }

        return FromFolds(accuracies);
    }
}

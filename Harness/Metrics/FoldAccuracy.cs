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
        return weights => Sides(scores, weights) is { } sides ? FromFolds(AtGrid(scores, accepting, sides)) : null;
    }

    /// <summary>Computes it with every distinct score of the test as a threshold.</summary>
    internal static WeightedFigure OnScores(PairScores scores, DistinctScores distinct)
    {
        if (scores.Folds < 2) return _ => null;
        return weights => Sides(scores, weights) is { } sides ? FromFolds(AtScores(scores, distinct.Sorted, sides)) : null;
    }

    internal static string Estimator(PairScores scores, string thresholdRule) => $"{scores.Folds}-fold, {thresholdRule}";

    /// <summary>Returns, per distance, the first threshold of the grid above it; <see cref="GridSize"/> if none is.</summary>
    internal static int[] Accepting(float[] distances)
    {
        var accepting = GC.AllocateUninitializedArray<int>(distances.Length);
        for (var pair = 0; pair < accepting.Length; pair++)
        {
            // the quotient is rounded: correct it by the comparison that defines the result
            var distance = distances[pair];
            var i = Math.Clamp((int)(distance / 0.01), 0, GridSize);
            while (i > 0 && distance < (i - 1) * 0.01) i--;
            while (i < GridSize && distance >= i * 0.01) i++;
            accepting[pair] = i;
        }

        return accepting;
    }

    /// <summary>Counts the right answers, by weight, in the fold held out, at the first threshold that is best on the others.</summary>
    /// <param name="gain">For each threshold, the right answers gained (genuine) minus those lost (impostors) when it is reached, over all
    /// folds.</param>
    /// <param name="ownGain">The same over the fold held out.</param>
    /// <param name="ownImpostors">Right answers of that fold when nothing is accepted.</param>
    internal static long RightAtBest(ReadOnlySpan<long> ownGain, long ownImpostors, ReadOnlySpan<long> gain, int thresholds)
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

    /// <summary>Null if no threshold means anything, or the other folds of one cannot choose it.</summary>
    private static FoldSides? Sides(PairScores scores, long[]? weights) =>
        scores.CanSeparate() && new FoldSides(scores, weights) is { CanLearn: true } sides ? sides : null;

    /// <param name="accepting">Per pair, the first threshold that calls it "same"; <see cref="GridSize"/> if none does.</param>
    private static double[] AtGrid(PairScores scores, int[] accepting, FoldSides sides)
    {
        const int Width = GridSize + 1;
        var (gain, own) = (new long[Width], new long[scores.Folds * Width]); // own: fold after fold
        for (var pair = 0; pair < accepting.Length; pair++) own[scores.Fold[pair] * Width + accepting[pair]] += sides.Gain(pair);
        for (var at = 0; at < own.Length; at++) gain[at % Width] += own[at];
        var accuracies = new double[scores.Folds];
        for (var fold = 0; fold < scores.Folds; fold++)
            accuracies[fold] = (double)RightAtBest(own.AsSpan(fold * Width, Width), sides.Impostors[fold], gain, GridSize)
                / sides.All[fold];
        return accuracies;
    }

    /// <summary>
    /// Accepts the pairs by rising distance, and notes for each fold when the others have their best answers. The comparison with a
    /// threshold is strict, so that the largest distance is never accepted.
    /// </summary>
    /// <param name="sorted">Of <see cref="DistinctScores.Sorted"/>.</param>
    private static double[] AtScores(PairScores scores, ReadOnlySpan<ulong> sorted, FoldSides sides)
    {
        var folds = scores.Fold;
        var (own, needed, right) = (new long[scores.Folds], new long[scores.Folds], new long[scores.Folds]);
        // of all answers that are right beyond those of accepting nothing, "own" are in a fold; the other folds have a new best where all
        // are more than "needed", their best so far and the fold's own
        long all = 0, least = 0;
        for (var i = 0; i < sorted.Length; i++)
        {
            var pair = DistinctScores.PairOf(sorted[i]);
            var (fold, gain) = (folds[pair], sides.Gain(pair));
            all += gain;
            own[fold] += gain;
            needed[fold] += gain;
            least = Math.Min(least, needed[fold]);
            if (all <= least || !DistinctScores.IsLast(sorted, i) || i + 1 == sorted.Length) continue;
            least = long.MaxValue;
            for (var other = 0; other < needed.Length; other++)
            {
                if (all > needed[other]) (needed[other], right[other]) = (all, own[other]);
                least = Math.Min(least, needed[other]);
            }
        }

        return [.. right.Select((gained, fold) => (double)(sides.Impostors[fold] + gained) / sides.All[fold])];
    }
}

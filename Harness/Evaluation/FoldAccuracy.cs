namespace Ablation.Harness.Evaluation;

/// <summary>
/// Verification accuracy by cross-validation: per fold, the first threshold with the best accuracy on the other folds, applied
/// to the fold held out; mean and population deviation over the folds. A pair is called "same" iff its distance is below the
/// threshold (strictly).
/// </summary>
/// <remarks>
/// No value where scores cannot be separated, where a fold has no pairs, or where the other folds show one class only.
/// Source of the grid: the field's evaluation script for <c>lfw.bin</c> and its like (thresholds 0, 0.01 .. 3.99).
/// </remarks>
public static class FoldAccuracy
{
    private const int GridSize = 400;

    /// <summary>Thresholds 0, 0.01, .., 3.99.</summary>
    public static Metric Grid(PairScores scores)
    {
        if (!CanEstimate(scores)) return None(scores, "grid");
        var accepting = Array.ConvertAll(scores.SquaredDistance, distance =>
        {
            // the quotient is rounded: settle it by the comparison that defines it
            var i = Math.Clamp((int)(distance / 0.01), 0, GridSize);
            while (i > 0 && distance < (i - 1) * 0.01) i--;
            while (i < GridSize && distance >= i * 0.01) i++;
            return i;
        });
        return Estimate(scores, "grid", accepting, GridSize);
    }

    /// <summary>Every distinct score of the test is a threshold; one sort, O(N log N).</summary>
    public static Metric Exact(PairScores scores)
    {
        if (!CanEstimate(scores)) return None(scores, "exact");
        var (distances, pairs) = (scores.SquaredDistance, ScoreOrder.Of(scores.SquaredDistance));
        var accepting = new int[pairs.Length];
        var distinct = 0;
        for (var i = 0; i < pairs.Length; i++)
        {
            if (i == 0 || distances[pairs[i]] != distances[pairs[i - 1]]) distinct++;
            accepting[pairs[i]] = distinct; // its own score, threshold distinct - 1, does not accept it: strict
        }

        return Estimate(scores, "exact", accepting, distinct);
    }

    /// <param name="accepting">Per pair, the first threshold that calls it "same"; <paramref name="thresholds"/> where none does.</param>
    private static Metric Estimate(PairScores scores, string thresholdRule, int[] accepting, int thresholds)
    {
        var none = None(scores, thresholdRule);

        // gain[t]: right answers won (genuine) less those lost (impostors) when the threshold rises to t
        var gain = new int[thresholds + 1];
        var ofFold = Enumerable.Range(0, scores.Folds).Select(_ => new List<int>()).ToArray();
        var impostors = 0;
        for (var pair = 0; pair < accepting.Length; pair++)
        {
            ofFold[scores.Fold[pair]].Add(pair);
            gain[accepting[pair]] += scores.Same[pair] ? 1 : -1;
            impostors += scores.Same[pair] ? 0 : 1;
        }

        var accuracies = new double[scores.Folds];
        var ownGain = new int[thresholds + 1];
        for (var fold = 0; fold < scores.Folds; fold++)
        {
            Array.Clear(ownGain);
            var ownImpostors = 0;
            foreach (var pair in ofFold[fold])
            {
                ownGain[accepting[pair]] += scores.Same[pair] ? 1 : -1;
                ownImpostors += scores.Same[pair] ? 0 : 1;
            }

            var (own, others, otherImpostors) = (ofFold[fold].Count, accepting.Length - ofFold[fold].Count, impostors - ownImpostors);
            if (own == 0 || otherImpostors == 0 || otherImpostors == others) return none;
            accuracies[fold] = (double)RightAtBest(ownGain, ownImpostors, gain, thresholds) / own;
        }

        var mean = accuracies.Average();
        var deviation = Math.Sqrt(accuracies.Average(accuracy => (accuracy - mean) * (accuracy - mean)));
        return none with { Value = mean, FoldDeviation = deviation };
    }

    /// <summary>Asked before anything is sorted: a list of sixteen million pairs has one fold.</summary>
    private static bool CanEstimate(PairScores scores) => scores.Folds >= 2 && scores.CanSeparate();

    private static Metric None(PairScores scores, string thresholdRule) =>
        new(scores.Test, "accuracy", FormattableString.Invariant($"{scores.Folds}-fold, {thresholdRule}"), null, null, scores.Same.Length);

    /// <summary>Right answers in the fold held out, at the first threshold that is best on the others.</summary>
    /// <param name="gain">Of all folds, the one held out included.</param>
    private static int RightAtBest(int[] ownGain, int ownImpostors, int[] gain, int thresholds)
    {
        int own = ownImpostors, other = 0, best = int.MinValue, rightAtBest = 0;
        for (var threshold = 0; threshold < thresholds; threshold++)
        {
            own += ownGain[threshold];
            other += gain[threshold] - ownGain[threshold];
            if (other <= best) continue;
            (best, rightAtBest) = (other, own);
        }

        return rightAtBest;
    }
}

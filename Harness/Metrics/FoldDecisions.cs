using Ablation.Harness.Foundations;

namespace Ablation.Harness.Metrics;

/// <summary>
/// Decides each pair while its fold is held out. <see cref="FoldAccuracy"/> averages the shares of right answers per fold; here, two
/// networks' answers to the same pairs can be compared pair by pair.
/// </summary>
public static class FoldDecisions
{
    /// <summary>Decides with the thresholds of <see cref="FoldAccuracy.OnGrid"/>; null if that has no value.</summary>
    /// <exception cref="DataProblem">The scores are damaged.</exception>
    public static bool[]? OnGrid(PairScores scores)
    {
        scores.Check();
        return scores.Folds < 2 ? null : Decide(scores, FoldAccuracy.Accepting(scores.SquaredDistance), FoldAccuracy.GridSize);
    }

    /// <summary>Decides with the thresholds of <see cref="FoldAccuracy.OnScores"/>; null if that has no value.</summary>
    /// <exception cref="DataProblem">The scores are damaged.</exception>
    public static bool[]? OnScores(PairScores scores)
    {
        scores.Check();
        if (scores.Folds < 2) return null;
        var distinct = new DistinctScores(scores.SquaredDistance);
        return Decide(scores, Array.ConvertAll(distinct.Rank, rank => rank + 1), distinct.Count);
    }

    /// <param name="accepting">Per pair, the first threshold that calls it "same".</param>
    private static bool[]? Decide(PairScores scores, int[] accepting, int thresholds)
    {
        var sides = new FoldSides(scores, null);
        if (!scores.CanSeparate() || !sides.CanLearn) return null;
        var right = new bool[accepting.Length];
        var gain = new long[thresholds + 1];
        for (var fold = 0; fold < scores.Folds; fold++)
        {
            Array.Clear(gain);
            for (var pair = 0; pair < accepting.Length; pair++)
            {
                if (scores.Fold[pair] != fold) gain[accepting[pair]] += sides.Gain(pair);
            }

            var best = Best(gain.AsSpan(0, thresholds));
            foreach (var pair in sides.PairsOf(fold)) right[pair] = accepting[pair] <= best == scores.Same[pair];
        }

        return right;
    }

    /// <summary>Returns the first threshold with the most right answers.</summary>
    private static int Best(ReadOnlySpan<long> gain)
    {
        long sum = 0, most = long.MinValue;
        var best = 0;
        for (var threshold = 0; threshold < gain.Length; threshold++)
        {
            sum += gain[threshold];
            if (sum > most) (most, best) = (sum, threshold);
        }

        return best;
    }
}

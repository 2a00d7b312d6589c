namespace Ablation.Harness.Metrics;

/// <summary>The weights of the pairs in each fold, and whether the other folds can choose a threshold for it.</summary>
internal sealed class FoldSides
{
    private readonly PairScores scores;
    private readonly long[]? weights;
    private (int[] Pairs, int[] Start)? byFold; // fold after fold

    public FoldSides(PairScores scores, long[]? weights)
    {
        (this.scores, this.weights, All, Impostors) = (scores, weights, new long[scores.Folds], new long[scores.Folds]);
        var (same, folds) = (scores.Same, scores.Fold);
        for (var pair = 0; pair < same.Length; pair++)
        {
            var weight = weights is null ? 1 : weights[pair];
            All[folds[pair]] += weight;
            if (!same[pair]) Impostors[folds[pair]] += weight;
        }

        var (all, impostors) = (All.Sum(), Impostors.Sum());
        CanLearn = Enumerable.Range(0, scores.Folds)
            .All(fold => All[fold] > 0 && impostors > Impostors[fold] && all - All[fold] > impostors - Impostors[fold]);
    }

    /// <summary>Weight of each fold's pairs.</summary>
    public long[] All { get; }

    /// <summary>Weight of each fold's impostor pairs.</summary>
    public long[] Impostors { get; }

    /// <summary>Whether no fold is empty and, for each fold, the other folds have pairs of both classes.</summary>
    public bool CanLearn { get; }

    public ReadOnlySpan<int> PairsOf(int fold)
    {
        var (pairs, start) = byFold ??= ByFold();
        return pairs.AsSpan(start[fold]..start[fold + 1]);
    }

    /// <summary>The change in right answers when a pair is accepted: plus its weight if it is genuine, minus its weight if not.</summary>
    public long Gain(int pair)
    {
        var weight = weights is null ? 1 : weights[pair];
        return scores.Same[pair] ? weight : -weight;
    }

    private (int[] Pairs, int[] Start) ByFold()
    {
        var (pairs, start) = (new int[scores.Same.Length], new int[scores.Folds + 1]);
        foreach (var fold in scores.Fold) start[fold + 1]++;
        for (var fold = 0; fold < scores.Folds; fold++) start[fold + 1] += start[fold];
        var next = start[..^1];
        for (var pair = 0; pair < pairs.Length; pair++) pairs[next[scores.Fold[pair]]++] = pair;
        return (pairs, start);
    }
}

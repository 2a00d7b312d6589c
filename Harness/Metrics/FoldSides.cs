namespace Ablation.Harness.Metrics;

/// <summary>The weights of the pairs in each fold, and whether the other folds can choose a threshold for it.</summary>
internal sealed class FoldSides
{
    private readonly PairScores scores;
    private readonly long[]? weights;
    private readonly int[] pairs; // fold after fold
    private readonly int[] start;

    public FoldSides(PairScores scores, long[]? weights)
    {
        (this.scores, this.weights) = (scores, weights);
        (All, Impostors, start, pairs) = (new long[scores.Folds], new long[scores.Folds], new int[scores.Folds + 1],
            new int[scores.Same.Length]);
        foreach (var fold in scores.Fold) start[fold + 1]++;
        for (var fold = 0; fold < scores.Folds; fold++) start[fold + 1] += start[fold];
        var next = start[..^1];
        for (var pair = 0; pair < pairs.Length; pair++)
        {
            var fold = scores.Fold[pair];
            pairs[next[fold]++] = pair;
            All[fold] += Math.Abs(Gain(pair));
            if (!scores.Same[pair]) Impostors[fold] += -Gain(pair);
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

    public ReadOnlySpan<int> PairsOf(int fold) => pairs.AsSpan(start[fold]..start[fold + 1]);

    /// <summary>The change in right answers when a pair is accepted: plus its weight if it is genuine, minus its weight if not.</summary>
    public long Gain(int pair)
    {
        var weight = weights is null ? 1 : weights[pair];
        return scores.Same[pair] ? weight : -weight;
    }
}

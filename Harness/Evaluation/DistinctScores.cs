namespace Ablation.Harness.Evaluation;

/// <summary>The distinct scores of a test by rising distance, from one sort; every estimator that looks at all thresholds counts by them.</summary>
internal sealed class DistinctScores
{
    /// <summary>O(N log N) at most.</summary>
    public DistinctScores(float[] distances)
    {
        var pairs = ScoreOrder.Of(distances);
        Rank = new int[pairs.Length];
        for (var i = 0; i < pairs.Length; i++)
        {
            if (i == 0 || distances[pairs[i]] != distances[pairs[i - 1]]) Count++;
            Rank[pairs[i]] = Count - 1;
        }
    }

    /// <summary>For each pair the place of its score among the distinct ones, from 0; equal scores have one place.</summary>
    public int[] Rank { get; }

    public int Count { get; }

    /// <summary>Weight of the genuine and of the impostor pairs at each place.</summary>
    /// <param name="weights">Of each pair; null for one each.</param>
    public (long[] Genuine, long[] Impostors) Histogram(bool[] same, long[]? weights)
    {
        var (genuine, impostors) = (new long[Count], new long[Count]);
        for (var pair = 0; pair < Rank.Length; pair++) (same[pair] ? genuine : impostors)[Rank[pair]] += weights is null ? 1 : weights[pair];
        return (genuine, impostors);
    }
}

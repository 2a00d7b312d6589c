namespace Ablation.Harness.Metrics;

/// <summary>
/// The distinct scores of a test by rising distance, from one sort; every estimator that must know which pair has which score counts by
/// them. Sorted on first use.
/// </summary>
internal sealed class DistinctScores(float[] distances)
{
    private readonly Lazy<(int[] Rank, int Count)> sorted = new(() => Sort(distances));

    /// <summary>The place of each pair's score among the distinct ones, from 0; equal scores have one place.</summary>
    public int[] Rank => sorted.Value.Rank;

    public int Count => sorted.Value.Count;

    /// <summary>Weight of the genuine and of the impostor pairs at each place.</summary>
    /// <param name="weights">Of each pair; null for one each.</param>
    public (long[] Genuine, long[] Impostors) Histogram(bool[] same, long[]? weights)
    {
        var (genuine, impostors) = (new long[Count], new long[Count]);
        var rank = Rank;
        for (var pair = 0; pair < rank.Length; pair++)
            (same[pair] ? genuine : impostors)[rank[pair]] += weights is null ? 1 : weights[pair];
        return (genuine, impostors);
    }

    private static (int[] Rank, int Count) Sort(float[] distances)
    {
        var pairs = ScoreOrder.Sort(distances);
        var (rank, count) = (new int[pairs.Length], 0);
        for (var i = 0; i < pairs.Length; i++)
        {
            if (i == 0 || distances[pairs[i]] != distances[pairs[i - 1]]) count++;
            rank[pairs[i]] = count - 1;
        }

        return (rank, count);
    }
}

namespace Ablation.Harness.Metrics;

/// <summary>
/// The distinct scores of a test by rising distance, for estimators that need to know which pair has which score. The distances must have
/// been checked; they are sorted on first use.
/// </summary>
internal sealed class DistinctScores(float[] distances)
{
    private readonly Lazy<(int[] Rank, int Count)> sorted = new(() => Sort(distances));

    /// <summary>The place of each pair's score among the distinct ones, from 0.</summary>
    public int[] Rank => sorted.Value.Rank;

    public int Count => sorted.Value.Count;

    /// <summary>Sums the weights of the genuine and of the impostor pairs at each place.</summary>
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
        const int IndexBits = 32;
        var pairs = new ulong[distances.Length];
        for (var pair = 0; pair < pairs.Length; pair++) pairs[pair] = (ulong)SortedScores.Key(distances[pair]) << IndexBits | (uint)pair;
        pairs = RadixSort.Sort(pairs, IndexBits);
        var (rank, count) = (new int[pairs.Length], 0);
        for (var i = 0; i < pairs.Length; i++)
        {
            if (i == 0 || pairs[i] >> IndexBits != pairs[i - 1] >> IndexBits) count++;
            rank[(uint)pairs[i]] = count - 1;
        }

        return (rank, count);
    }
}

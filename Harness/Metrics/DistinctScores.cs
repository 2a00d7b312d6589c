namespace Ablation.Harness.Metrics;

/// <summary>
/// The distinct scores of a test by rising distance, for estimators that need to know which pair has which score. The distances must have
/// been checked; they are sorted on first use.
/// </summary>
internal sealed class DistinctScores
{
    private const int IndexBits = 32;
    private readonly Lazy<ulong[]> sorted; // the distance as a number, and the pair
    private readonly Lazy<(int[] Rank, int Count)> numbered;

    public DistinctScores(float[] distances)
    {
        sorted = new(() => Sort(distances));
        numbered = new(() => Number(sorted.Value));
    }

    /// <summary>The place of each pair's score among the distinct ones, from 0.</summary>
    public int[] Rank => numbered.Value.Rank;

    public int Count => numbered.Value.Count;

    /// <summary>The pairs by rising distance; <see cref="PairOf"/> and <see cref="IsLast"/> read an entry.</summary>
    public ReadOnlySpan<ulong> Sorted => sorted.Value;

    public static int PairOf(ulong entry) => (int)(uint)entry;

    /// <summary>Whether no later pair has the distance of the entry at a place.</summary>
    public static bool IsLast(ReadOnlySpan<ulong> sorted, int place) =>
        place + 1 == sorted.Length || sorted[place + 1] >> IndexBits != sorted[place] >> IndexBits;

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

    private static ulong[] Sort(float[] distances)
    {
        var pairs = GC.AllocateUninitializedArray<ulong>(distances.Length);
        for (var pair = 0; pair < pairs.Length; pair++) pairs[pair] = (ulong)SortedScores.Key(distances[pair]) << IndexBits | (uint)pair;
        return RadixSort.Sort(pairs, IndexBits);
    }

    private static (int[] Rank, int Count) Number(ulong[] pairs)
    {
        var (rank, count) = (new int[pairs.Length], 0);
        for (var i = 0; i < pairs.Length; i++)
        {
            rank[PairOf(pairs[i])] = count;
            if (IsLast(pairs, i)) count++;
        }

        return (rank, count);
    }
}

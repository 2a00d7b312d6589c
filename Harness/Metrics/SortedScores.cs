namespace Ablation.Harness.Metrics;

/// <summary>
/// Distances and truths of pairs, sorted together by rising distance, for all figures that need not know which pair it was. A pair is one
/// number of 32 bits, so that sixteen million of them are sorted in three passes over memory, without an index.
/// </summary>
internal static class SortedScores
{
    private const int Digit = 11, Buckets = 1 << Digit, Passes = 3; // 33 bits
    private const uint Zero = 0x3A840000; // above the bits of 0.001, the most that rounding may take a distance below 0

    /// <summary>Keys by rising distance; those of one distance in any order. The scores must have been checked.</summary>
    public static uint[] Sort(PairScores scores)
    {
        var (from, to) = (new uint[scores.SquaredDistance.Length], new uint[scores.SquaredDistance.Length]);
        for (var i = 0; i < from.Length; i++) from[i] = Key(scores.SquaredDistance[i]) << 1 | (scores.Same[i] ? 1u : 0);
        Span<int> start = stackalloc int[Buckets];
        for (var pass = 0; pass < Passes; pass++, (from, to) = (to, from))
        {
            start.Clear();
            var shift = pass * Digit;
            foreach (var key in from) start[(int)(key >> shift & (Buckets - 1))]++;
            var sum = 0;
            foreach (ref var bucket in start) (bucket, sum) = (sum, sum + bucket);
            foreach (var key in from) to[start[(int)(key >> shift & (Buckets - 1))]++] = key;
        }

        return from;
    }

    /// <summary>Equal for equal distances, and rises with them.</summary>
    public static uint DistanceOf(uint key) => key >> 1;

    public static bool IsSame(uint key) => (key & 1) != 0;

    /// <summary>In 31 bits: the bits of a float rise with its value on either side of 0, and end at those of 4.001.</summary>
    private static uint Key(float distance)
    {
        var bits = BitConverter.SingleToUInt32Bits(distance + 0f); // -0 is 0
        return distance < 0 ? Zero - (bits & 0x7fffffff) : Zero + bits;
    }
}

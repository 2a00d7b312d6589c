namespace Ablation.Harness.Metrics;

/// <summary>Pairs by rising distance.</summary>
internal static class ScoreOrder
{
    private const int Digit = 11, Buckets = 1 << Digit, Passes = 3; // 33 bits hold a float

    /// <summary>
    /// Indices of the pairs, those of one distance in their own order. Three passes over the bits: a report sorts every trial's scores.
    /// </summary>
    public static int[] Sort(float[] distances)
    {
        var order = Enumerable.Range(0, distances.Length).ToArray();
        var keys = new uint[distances.Length];
        for (var i = 0; i < keys.Length; i++) keys[i] = BitConverter.SingleToUInt32Bits(distances[i] + 0f); // -0 is 0
        if (keys.Any(key => key > 0x7f800000)) // below 0 or NaN: bits do not rise with the value
        {
            return [.. order.OrderBy(i => distances[i])];
        }

        var (from, to) = (order, new int[order.Length]);
        Span<int> start = stackalloc int[Buckets];
        for (var pass = 0; pass < Passes; pass++, (from, to) = (to, from))
        {
            start.Clear();
            var shift = pass * Digit;
            foreach (var key in keys) start[(int)(key >> shift & (Buckets - 1))]++;
            var sum = 0;
            foreach (ref var bucket in start) (bucket, sum) = (sum, sum + bucket);
            foreach (var pair in from) to[start[(int)(keys[pair] >> shift & (Buckets - 1))]++] = pair;
        }

        return from;
    }
}

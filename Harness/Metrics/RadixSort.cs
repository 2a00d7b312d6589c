using System.Numerics;

namespace Ablation.Harness.Metrics;

/// <summary>Sorts by 33 bits of each key in three passes over memory: a report sorts the scores of every trial.</summary>
internal static class RadixSort
{
    private const int Digit = 11, Buckets = 1 << Digit, Passes = 3;

    /// <summary>Returns the keys sorted by the 33 bits from <paramref name="lowestBit"/> on; equal ones keep their order.</summary>
    /// <param name="keys">Overwritten.</param>
    public static T[] Sort<T>(T[] keys, int lowestBit) where T : unmanaged, IBinaryInteger<T>
    {
        var (from, to) = (keys, GC.AllocateUninitializedArray<T>(keys.Length));
        Span<int> start = stackalloc int[Buckets];
        for (var pass = 0; pass < Passes; pass++, (from, to) = (to, from))
        {
            start.Clear();
            var shift = lowestBit + pass * Digit;
            foreach (var key in from) start[Bucket(key, shift)]++;
            var sum = 0;
            foreach (ref var bucket in start) (bucket, sum) = (sum, sum + bucket);
            foreach (var key in from) to[start[Bucket(key, shift)]++] = key;
        }

        return from;
    }

    private static int Bucket<T>(T key, int shift) where T : unmanaged, IBinaryInteger<T> =>
        int.CreateTruncating(key >> shift) & (Buckets - 1);
}

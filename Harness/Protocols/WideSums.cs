using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Ablation.Harness.Protocols;

/// <summary>
/// Sums rows of float32 in float64, in eight lanes in a fixed order. Products of two floats are exact in float64, so a sum is the same to
/// the last bit on every processor and with any number of threads.
/// </summary>
internal static class WideSums
{
    private const int Lanes = 8;

    /// <summary>Computes the dot product of two rows of equal length.</summary>
    public static double Dot(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        if (left.Length != right.Length) throw new ArgumentException($"rows of {left.Length} and {right.Length} values");
        ref var a = ref MemoryMarshal.GetReference(left);
        ref var b = ref MemoryMarshal.GetReference(right);
        var (low, high) = (Vector256<double>.Zero, Vector256<double>.Zero);
        var i = 0;
        for (; i <= left.Length - Lanes; i += Lanes)
        {
            var (aLow, aHigh) = Vector256.Widen(Vector256.LoadUnsafe(ref a, (nuint)i));
            var (bLow, bHigh) = Vector256.Widen(Vector256.LoadUnsafe(ref b, (nuint)i));
            low += aLow * bLow;
            high += aHigh * bHigh;
        }

        var sum = Vector256.Sum(low + high);
        for (; i < left.Length; i++) sum += (double)left[i] * right[i];
        return sum;
    }

    /// <summary>Adds <paramref name="factor"/> times a row to a sum of equal length.</summary>
    public static void Add(Span<double> sum, ReadOnlySpan<float> row, double factor)
    {
        if (sum.Length != row.Length) throw new ArgumentException($"a row of {row.Length} values onto {sum.Length}");
        ref var to = ref MemoryMarshal.GetReference(sum);
        ref var from = ref MemoryMarshal.GetReference(row);
        var times = Vector256.Create(factor);
        var i = 0;
        for (; i <= row.Length - Lanes; i += Lanes)
        {
            var (low, high) = Vector256.Widen(Vector256.LoadUnsafe(ref from, (nuint)i));
            (Vector256.LoadUnsafe(ref to, (nuint)i) + times * low).StoreUnsafe(ref to, (nuint)i);
            (Vector256.LoadUnsafe(ref to, (nuint)i + Lanes / 2) + times * high).StoreUnsafe(ref to, (nuint)i + Lanes / 2);
        }

        for (; i < row.Length; i++) sum[i] += factor * row[i];
    }
}

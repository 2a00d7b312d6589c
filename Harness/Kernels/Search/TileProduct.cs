using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Ablation.Losses.Kernels.Fused;

namespace Ablation.Harness.Kernels.Search;

/// <summary>Computes float32 products of gallery rows with 32 probes: a filter with a known error, never a result.</summary>
internal static unsafe class TileProduct
{
    /// <summary>Probes per panel.</summary>
    public const int Lanes = MicroKernel.Columns;

    /// <summary>
    /// Bounds the length of a float32 row of length 1, as <see cref="RoundingBound"/> assumes: at most this, at least 2 minus this.
    /// </summary>
    public const double LongestRow = 1.001;

    private const int LongestSum = 256; // a part of a panel that stays in the first-level cache
    private const double UnitRoundoff = 1.0 / (1 << 24);

    /// <summary>
    /// Returns how far a float32 product of two rows of length 1 can be from the exact product. Whatever the order of a sum and whether
    /// multiply-adds are fused, it errs by at most n u / (1 - n u) times the sum of |x y|, which is at most the product of the lengths
    /// (Higham 2002, section 3.1). Two per cent more cover lengths up to <see cref="LongestRow"/> and the rounding of the float64 sum.
    /// </summary>
    public static double RoundingBound(int dimension) => 1.02 * dimension * UnitRoundoff / (1 - dimension * UnitRoundoff);

    /// <summary>Packs up to 32 probes side by side; lanes beyond them are zeros.</summary>
    /// <param name="packed">D x 32.</param>
    public static void Pack(float* probes, int count, int dimension, float* packed) =>
        Panels.PackTransposed(probes, count, dimension, 0, packed);

    /// <param name="gallery">R x D.</param>
    /// <param name="packed">D x 32.</param>
    /// <param name="products">R x 32.</param>
    /// <param name="plain">Whether to compute without this processor's kernel.</param>
    public static void Multiply(float* gallery, int rows, float* packed, float* products, int dimension, bool plain)
    {
        for (var k = 0; k < dimension; k += LongestSum)
        {
            var length = Math.Min(LongestSum, dimension - k);
            if (plain) Plain(gallery + k, dimension, rows, packed + (long)k * Lanes, products, length, add: k > 0);
            else MicroKernel.Multiply(gallery + k, dimension, 1, rows, packed + (long)k * Lanes, products, Lanes, length, add: k > 0);
        }
    }

    /// <summary>
    /// Returns the product that decides: float64, always in the same order (each product of two float32 is exact, fused or not).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Exact(float* left, float* right, int length)
    {
        Vector512<double> low = default, high = default;
        var k = 0;
        for (; k + 16 <= length; k += 16)
        {
            var (leftLow, leftHigh) = Vector512.Widen(Vector512.Load(left + k));
            var (rightLow, rightHigh) = Vector512.Widen(Vector512.Load(right + k));
            low += leftLow * rightLow;
            high += leftHigh * rightHigh;
        }

        var sums = low + high;
        var four = sums.GetLower() + sums.GetUpper();
        var sum = four[0] + four[1] + (four[2] + four[3]);
        for (; k < length; k++) sum += (double)left[k] * right[k];
        return sum;
    }

    /// <inheritdoc cref="Exact(float*, float*, int)"/>
    public static double Exact(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        fixed (float* first = left, second = right) return Exact(first, second, Math.Min(left.Length, right.Length));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Plain(float* gallery, int stride, int rows, float* packed, float* products, int length, bool add)
    {
        for (var row = 0; row < rows; row++, gallery += stride, products += Lanes)
        {
            for (var lane = 0; lane < Lanes; lane += 16)
            {
                Vector128<float> c0 = default, c1 = default, c2 = default, c3 = default;
                var b = packed + lane;
                for (var k = 0; k < length; k++, b += Lanes)
                {
                    var x = Vector128.Create(gallery[k]);
                    c0 = Vector128.MultiplyAddEstimate(x, Vector128.Load(b), c0);
                    c1 = Vector128.MultiplyAddEstimate(x, Vector128.Load(b + 4), c1);
                    c2 = Vector128.MultiplyAddEstimate(x, Vector128.Load(b + 8), c2);
                    c3 = Vector128.MultiplyAddEstimate(x, Vector128.Load(b + 12), c3);
                }

                Put(c0, products + lane, add);
                Put(c1, products + lane + 4, add);
                Put(c2, products + lane + 8, add);
                Put(c3, products + lane + 12, add);
            }
        }
    }

    private static void Put(Vector128<float> sum, float* place, bool add) => (add ? sum + Vector128.Load(place) : sum).Store(place);
}

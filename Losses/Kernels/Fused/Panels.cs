using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Ablation.Losses.Kernels.Fused;

/// <summary>Packs matrices for <see cref="MicroKernel"/> into panels of 32 columns, row after row, padded with zeros.</summary>
internal static unsafe class Panels
{
    /// <summary>Packs one panel of a matrix's transpose: 32 of its rows, from <paramref name="first"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void PackTransposed(float* matrix, int rows, int columns, int first, float* packed)
    {
        var lanes = Math.Min(MicroKernel.Columns, rows - first);
        var from = matrix + (long)first * columns;
        for (var k = 0; k < columns; k++, packed += MicroKernel.Columns)
        {
            for (var lane = 0; lane < lanes; lane++) packed[lane] = from[(long)lane * columns + k];
            for (var lane = lanes; lane < MicroKernel.Columns; lane++) packed[lane] = 0;
        }
    }

    /// <summary>Packs 32 columns of a matrix, from <paramref name="first"/>.</summary>
    /// <param name="columns">Columns of the matrix, which may end within the panel.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack(float* matrix, int rows, int columns, int first, float* packed)
    {
        if (first + MicroKernel.Columns <= columns)
        {
            for (var row = 0; row < rows; row++, packed += MicroKernel.Columns)
            {
                var from = matrix + (long)row * columns + first;
                Vector512.Load(from).Store(packed);
                Vector512.Load(from + 16).Store(packed + 16);
            }

            return;
        }

        for (var row = 0; row < rows; row++, packed += MicroKernel.Columns)
        {
            for (var lane = 0; lane < MicroKernel.Columns; lane++)
                packed[lane] = first + lane < columns ? matrix[(long)row * columns + first + lane] : 0;
        }
    }

    /// <summary>Returns the dot product of two vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Dot(float* left, float* right, int length)
    {
        Vector512<float> even = default, odd = default;
        var k = 0;
        for (; k + 32 <= length; k += 32)
        {
            even = Vector512.FusedMultiplyAdd(Vector512.Load(left + k), Vector512.Load(right + k), even);
            odd = Vector512.FusedMultiplyAdd(Vector512.Load(left + k + 16), Vector512.Load(right + k + 16), odd);
        }

        var sum = Vector512.Sum(even + odd);
        for (; k < length; k++) sum += left[k] * right[k];
        return sum;
    }

    /// <summary>Returns the dot product of two vectors, summed in float64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double PreciseDot(float* left, float* right, int length)
    {
        Vector512<double> low = default, high = default;
        var k = 0;
        for (; k + 16 <= length; k += 16)
        {
            var (leftLow, leftHigh) = Vector512.Widen(Vector512.Load(left + k));
            var (rightLow, rightHigh) = Vector512.Widen(Vector512.Load(right + k));
            low = Vector512.FusedMultiplyAdd(leftLow, rightLow, low);
            high = Vector512.FusedMultiplyAdd(leftHigh, rightHigh, high);
        }

        var sum = Vector512.Sum(low + high);
        for (; k < length; k++) sum += (double)left[k] * right[k];
        return sum;
    }
}

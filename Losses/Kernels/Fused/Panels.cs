using System.Runtime.Intrinsics;

namespace Ablation.Losses.Kernels.Fused;

/// <summary>Packing for <see cref="MicroKernel"/>: panels of 32 columns whose rows stand side by side, filled up with zeros.</summary>
internal static unsafe class Panels
{
    /// <summary>The transpose of a matrix, <paramref name="columns"/> x <paramref name="rows"/>: a panel holds 32 of the rows.</summary>
    public static void PackTransposed(float* matrix, int rows, int columns, float* packed)
    {
        for (var first = 0; first < rows; first += MicroKernel.Columns, packed += (long)columns * MicroKernel.Columns)
        {
            for (var lane = 0; lane < MicroKernel.Columns; lane++)
            {
                var row = first + lane < rows ? matrix + (long)(first + lane) * columns : null;
                for (var k = 0; k < columns; k++) packed[k * MicroKernel.Columns + lane] = row == null ? 0 : row[k];
            }
        }
    }

    /// <summary>32 columns of a matrix, from <paramref name="first"/>, rows side by side.</summary>
    /// <param name="columns">Columns of the matrix, which may end within the panel.</param>
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

    /// <summary>The product of two vectors.</summary>
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
}

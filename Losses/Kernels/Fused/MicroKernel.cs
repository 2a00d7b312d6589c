using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Ablation.Losses.Kernels.Fused;

/// <summary>
/// Computes matrix products small enough to stay in the cache, in vectorised C#. On the processors measured, libtorch's own product (MKL,
/// which uses its AVX2 path on processors that are not Intel's) is slower, and nothing can be fused with it; docs/performance.md has
/// both speeds.
/// </summary>
internal static unsafe class MicroKernel
{
    /// <summary>Rows per block; the remaining ones are computed row by row.</summary>
    public const int Rows = 8;

    /// <summary>Columns per block and per packed panel.</summary>
    public const int Columns = 32;

    /// <summary>Whether this processor has the vectors; others use libtorch's kernels.</summary>
    public static bool IsSupported => Vector512.IsHardwareAccelerated || (Avx2.IsSupported && Fma.IsSupported);

    /// <summary>Computes C = A B, or C += A B.</summary>
    /// <param name="a">A, <paramref name="rows"/> x length; the value at (i, k) is a[i rowStride + k step], so that A may be read
    /// transposed.</param>
    /// <param name="b">B, length x 32, packed row after row.</param>
    /// <param name="c">C, <paramref name="rows"/> x 32, rows <paramref name="cStride"/> apart.</param>
    public static void Multiply(float* a, nint rowStride, nint step, int rows, float* b, float* c, nint cStride, int length, bool add)
    {
        var row = 0;
        for (; row + Rows <= rows; row += Rows)
        {
            if (Vector512.IsHardwareAccelerated)
                Wide.Multiply8(a + row * rowStride, rowStride, step, b, c + row * cStride, cStride, length, add);
            else Narrow.Multiply8(a + row * rowStride, rowStride, step, b, c + row * cStride, cStride, length, add);
        }

        for (; row < rows; row++) Row(a + row * rowStride, step, b, c + row * cStride, length, add);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Row(float* a, nint step, float* b, float* c, int length, bool add)
    {
        Vector256<float> c0 = default, c1 = default, c2 = default, c3 = default;
        for (var k = 0; k < length; k++, a += step, b += Columns)
        {
            var x = Vector256.Create(*a);
            c0 = Vector256.FusedMultiplyAdd(x, Vector256.Load(b), c0);
            c1 = Vector256.FusedMultiplyAdd(x, Vector256.Load(b + 8), c1);
            c2 = Vector256.FusedMultiplyAdd(x, Vector256.Load(b + 16), c2);
            c3 = Vector256.FusedMultiplyAdd(x, Vector256.Load(b + 24), c3);
        }

        if (add)
        {
            c0 += Vector256.Load(c);
            c1 += Vector256.Load(c + 8);
            c2 += Vector256.Load(c + 16);
            c3 += Vector256.Load(c + 24);
        }

        c0.Store(c);
        c1.Store(c + 8);
        c2.Store(c + 16);
        c3.Store(c + 24);
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Ablation.Losses.Kernels.Fused;

/// <summary>
/// Computes the 8 x 32 block of a matrix product in 16 vectors of 512 bits. Two loads of B and eight broadcasts of A feed sixteen fused
/// multiply-adds per step, so that the multipliers are the limit. Unrolled, since a loop over the rows would keep the sums in memory.
/// </summary>
internal static unsafe class Wide
{
    /// <inheritdoc cref="MicroKernel.Multiply"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply8(float* a, nint rowStride, nint step, float* b, float* c, nint cStride, int length, bool add)
    {
        Vector512<float> c00 = default, c01 = default;
        Vector512<float> c10 = default, c11 = default;
        Vector512<float> c20 = default, c21 = default;
        Vector512<float> c30 = default, c31 = default;
        Vector512<float> c40 = default, c41 = default;
        Vector512<float> c50 = default, c51 = default;
        Vector512<float> c60 = default, c61 = default;
        Vector512<float> c70 = default, c71 = default;
        float* a3 = a + 3 * rowStride, a6 = a + 6 * rowStride;
        var twoRows = 2 * rowStride;
        for (var k = 0; k < length; k++)
        {
            var b0 = Vector512.Load(b);
            var b1 = Vector512.Load(b + 16);
            b += MicroKernel.Columns;
            var x = Vector512.Create(*a);
            c00 = Vector512.FusedMultiplyAdd(x, b0, c00);
            c01 = Vector512.FusedMultiplyAdd(x, b1, c01);
            x = Vector512.Create(a[rowStride]);
            c10 = Vector512.FusedMultiplyAdd(x, b0, c10);
            c11 = Vector512.FusedMultiplyAdd(x, b1, c11);
            x = Vector512.Create(a[twoRows]);
            c20 = Vector512.FusedMultiplyAdd(x, b0, c20);
            c21 = Vector512.FusedMultiplyAdd(x, b1, c21);
            x = Vector512.Create(*a3);
            c30 = Vector512.FusedMultiplyAdd(x, b0, c30);
            c31 = Vector512.FusedMultiplyAdd(x, b1, c31);
            x = Vector512.Create(a3[rowStride]);
            c40 = Vector512.FusedMultiplyAdd(x, b0, c40);
            c41 = Vector512.FusedMultiplyAdd(x, b1, c41);
            x = Vector512.Create(a3[twoRows]);
            c50 = Vector512.FusedMultiplyAdd(x, b0, c50);
            c51 = Vector512.FusedMultiplyAdd(x, b1, c51);
            x = Vector512.Create(*a6);
            c60 = Vector512.FusedMultiplyAdd(x, b0, c60);
            c61 = Vector512.FusedMultiplyAdd(x, b1, c61);
            x = Vector512.Create(a6[rowStride]);
            c70 = Vector512.FusedMultiplyAdd(x, b0, c70);
            c71 = Vector512.FusedMultiplyAdd(x, b1, c71);
            a += step;
            a3 += step;
            a6 += step;
        }

        if (add)
        {
            Add(ref c00, ref c01, c);
            Add(ref c10, ref c11, c + 1 * cStride);
            Add(ref c20, ref c21, c + 2 * cStride);
            Add(ref c30, ref c31, c + 3 * cStride);
            Add(ref c40, ref c41, c + 4 * cStride);
            Add(ref c50, ref c51, c + 5 * cStride);
            Add(ref c60, ref c61, c + 6 * cStride);
            Add(ref c70, ref c71, c + 7 * cStride);
        }

        Store(c00, c01, c);
        Store(c10, c11, c + 1 * cStride);
        Store(c20, c21, c + 2 * cStride);
        Store(c30, c31, c + 3 * cStride);
        Store(c40, c41, c + 4 * cStride);
        Store(c50, c51, c + 5 * cStride);
        Store(c60, c61, c + 6 * cStride);
        Store(c70, c71, c + 7 * cStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(ref Vector512<float> left, ref Vector512<float> right, float* c)
    {
        left += Vector512.Load(c);
        right += Vector512.Load(c + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<float> left, Vector512<float> right, float* c)
    {
        left.Store(c);
        right.Store(c + 16);
    }
}

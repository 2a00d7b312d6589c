using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Ablation.Losses.Kernels.Fused;

/// <summary>Computes the block with 256-bit vectors: as four of 4 x 16, since sixteen registers hold no larger one.</summary>
internal static unsafe class Narrow
{
    /// <inheritdoc cref="MicroKernel.Multiply"/>
    public static void Multiply8(float* a, nint rowStride, nint step, float* b, float* c, nint cStride, int length, bool add)
    {
        for (var row = 0; row < MicroKernel.Rows; row += 4)
        {
            for (var column = 0; column < MicroKernel.Columns; column += 16)
                Multiply4(a + row * rowStride, rowStride, step, b + column, c + row * cStride + column, cStride, length, add);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply4(float* a, nint rowStride, nint step, float* b, float* c, nint cStride, int length, bool add)
    {
        Vector256<float> c00 = default, c01 = default;
        Vector256<float> c10 = default, c11 = default;
        Vector256<float> c20 = default, c21 = default;
        Vector256<float> c30 = default, c31 = default;
        for (var k = 0; k < length; k++)
        {
            var b0 = Vector256.Load(b);
            var b1 = Vector256.Load(b + 8);
            b += MicroKernel.Columns;
            var x = Vector256.Create(*a);
            c00 = Vector256.FusedMultiplyAdd(x, b0, c00);
            c01 = Vector256.FusedMultiplyAdd(x, b1, c01);
            x = Vector256.Create(a[rowStride]);
            c10 = Vector256.FusedMultiplyAdd(x, b0, c10);
            c11 = Vector256.FusedMultiplyAdd(x, b1, c11);
            x = Vector256.Create(a[2 * rowStride]);
            c20 = Vector256.FusedMultiplyAdd(x, b0, c20);
            c21 = Vector256.FusedMultiplyAdd(x, b1, c21);
            x = Vector256.Create(a[3 * rowStride]);
            c30 = Vector256.FusedMultiplyAdd(x, b0, c30);
            c31 = Vector256.FusedMultiplyAdd(x, b1, c31);
            a += step;
        }

        if (add)
        {
            c00 += Vector256.Load(c);
            c01 += Vector256.Load(c + 8);
            c10 += Vector256.Load(c + cStride);
            c11 += Vector256.Load(c + cStride + 8);
            c20 += Vector256.Load(c + 2 * cStride);
            c21 += Vector256.Load(c + 2 * cStride + 8);
            c30 += Vector256.Load(c + 3 * cStride);
            c31 += Vector256.Load(c + 3 * cStride + 8);
        }

        c00.Store(c);
        c01.Store(c + 8);
        c10.Store(c + cStride);
        c11.Store(c + cStride + 8);
        c20.Store(c + 2 * cStride);
        c21.Store(c + 2 * cStride + 8);
        c30.Store(c + 3 * cStride);
        c31.Store(c + 3 * cStride + 8);
    }
}

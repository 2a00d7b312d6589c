using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Ablation.Losses.Kernels.Fused;

namespace Ablation.Harness.Kernels;

/// <summary>
/// U = G g Gt of 3 x 3 weights, packed in panels of 32 columns as <see cref="MicroKernel"/> reads them, and the inverse for
/// their gradient. Weights lie as K x 3 x 3 x C (channels-last).
/// </summary>
internal static unsafe class WinogradWeights
{
    private const int Lanes = 16;

    /// <summary>Packs for the forward pass: position, panel of K, C rows, 32 outputs.</summary>
    public static void Pack(float* weights, int outputs, int inputs, float* packed)
    {
        var apart = (nint)outputs * inputs;
        Blocks.Each(outputs / Lanes, (_, block) =>
        {
            var tile = stackalloc float[WinogradTiles.Positions * Lanes * Lanes]; // position, output, input
            var to = packed + (nint)(block / 2) * inputs * MicroKernel.Columns + block % 2 * Lanes;
            for (var c = 0; c < inputs; c += Lanes)
            {
                for (var k = 0; k < Lanes; k++)
                    Transform(weights + (nint)(block * Lanes + k) * 9 * inputs + c, inputs, tile + k * Lanes, Lanes * Lanes,
                        flipped: false);
                Transpose(tile, to + (nint)c * MicroKernel.Columns, apart);
            }
        });
    }

    /// <summary>
    /// Packs for the gradient of the input, with the weights turned by 180 degrees: position, panel of C, K rows, 32 inputs.
    /// </summary>
    public static void PackBackward(float* weights, int outputs, int inputs, float* packed)
    {
        var apart = (nint)outputs * inputs;
        Blocks.Each(outputs / Lanes, (_, block) =>
        {
            for (var k = block * Lanes; k < (block + 1) * Lanes; k++)
            {
                for (var c = 0; c < inputs; c += Lanes)
                {
                    var to = packed + ((nint)(c / MicroKernel.Columns) * outputs + k) * MicroKernel.Columns + c % MicroKernel.Columns;
                    Transform(weights + (nint)k * 9 * inputs + c, inputs, to, apart, flipped: true);
                }
            }
        });
    }

    /// <summary>Computes Gt dU G, added to the gradient or written over it.</summary>
    /// <param name="transformed">dU: position, K x C.</param>
    public static void Gradient(float* transformed, int outputs, int inputs, float* gradient, bool add)
    {
        var apart = (nint)outputs * inputs;
        Blocks.Each(outputs / Lanes, (_, block) =>
        {
            for (var k = block * Lanes; k < (block + 1) * Lanes; k++)
                Back(transformed + (nint)k * inputs, apart, inputs, gradient + (nint)k * 9 * inputs, add);
        });
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transform(float* weights, int inputs, float* to, nint apart, bool flipped)
    {
        for (var x = 0; x < 3; x++) // down the columns, into positions (row, x) of a 4 x 3 scratch in the outputs' places
        {
            Spread(Vector512.Load(weights + x * inputs), Vector512.Load(weights + (3 + x) * inputs),
                Vector512.Load(weights + (6 + x) * inputs), out var r0, out var r1, out var r2, out var r3);
            (flipped ? r3 : r0).Store(to + x * apart);
            r1.Store(to + (4 + x) * apart);
            r2.Store(to + (8 + x) * apart);
            (flipped ? r0 : r3).Store(to + (12 + x) * apart);
        }

        for (var y = 0; y < 4; y++)
        {
            var row = to + 4 * y * apart;
            Spread(Vector512.Load(row), Vector512.Load(row + apart), Vector512.Load(row + 2 * apart), out var r0, out var r1, out var r2,
                out var r3);
            (flipped ? r3 : r0).Store(row);
            r1.Store(row + apart);
            r2.Store(row + 2 * apart);
            (flipped ? r0 : r3).Store(row + 3 * apart);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Spread(Vector512<float> g0, Vector512<float> g1, Vector512<float> g2, out Vector512<float> r0,
        out Vector512<float> r1, out Vector512<float> r2, out Vector512<float> r3)
    {
        var half = Vector512.Create(0.5f);
        var outer = (g0 + g2) * half;
        (r0, r1, r2, r3) = (g0, outer + g1 * half, outer - g1 * half, g2);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transpose(float* tile, float* to, nint apart)
    {
        for (var position = 0; position < WinogradTiles.Positions; position++, tile += Lanes * Lanes, to += apart)
        {
            for (var c = 0; c < Lanes; c++)
            {
                for (var k = 0; k < Lanes; k++) to[c * MicroKernel.Columns + k] = tile[k * Lanes + c];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Back(float* from, nint apart, int inputs, float* gradient, bool add)
    {
        for (var c = 0; c < inputs; c += Lanes)
        {
            Gather(from + c, apart, out var a0, out var b0, out var c0);
            Gather(from + c + apart, apart, out var a1, out var b1, out var c1);
            Gather(from + c + 2 * apart, apart, out var a2, out var b2, out var c2);
            Gather(from + c + 3 * apart, apart, out var a3, out var b3, out var c3);
            Row(a0, a1, a2, a3, gradient + c, inputs, add);
            Row(b0, b1, b2, b3, gradient + c + 3 * inputs, inputs, add);
            Row(c0, c1, c2, c3, gradient + c + 6 * inputs, inputs, add);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static void Gather(float* at, nint apart, out Vector512<float> r0, out Vector512<float> r1, out Vector512<float> r2) =>
            Fold(Vector512.Load(at), Vector512.Load(at + 4 * apart), Vector512.Load(at + 8 * apart), Vector512.Load(at + 12 * apart),
                out r0, out r1, out r2);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static void Fold(Vector512<float> u0, Vector512<float> u1, Vector512<float> u2, Vector512<float> u3, out Vector512<float> r0,
            out Vector512<float> r1, out Vector512<float> r2)
        {
            var half = Vector512.Create(0.5f);
            var sum = (u1 + u2) * half;
            (r0, r1, r2) = (u0 + sum, (u1 - u2) * half, sum + u3);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static void Row(Vector512<float> u0, Vector512<float> u1, Vector512<float> u2, Vector512<float> u3, float* at, int inputs, bool add)
        {
            Fold(u0, u1, u2, u3, out var r0, out var r1, out var r2);
            if (add) (r0, r1, r2) = (r0 + Vector512.Load(at), r1 + Vector512.Load(at + inputs), r2 + Vector512.Load(at + 2 * inputs));
            r0.Store(at);
            r1.Store(at + inputs);
            r2.Store(at + 2 * inputs);
        }
    }
}

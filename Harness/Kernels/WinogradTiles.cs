using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Ablation.Harness.Kernels;

/// <summary>
/// The transforms of Winograd's F(2 x 2, 3 x 3) (Lavin and Gray, CVPR 2016, section 4.1): a tile of 2 x 2 outputs takes 16
/// multiplications per pair of channels instead of 36. Sixteen channels at a time.
/// </summary>
internal static unsafe class WinogradTiles
{
    /// <summary>Positions of a transformed tile, 4 x 4.</summary>
    public const int Positions = 16;

    /// <summary>Computes V = Bt d B of a 4 x 4 patch.</summary>
    /// <param name="patch">Sixteen pixels, row by row; zeros for those beyond the border.</param>
    /// <param name="to">V: value (position, channel) at to[position apart + (channel / run) runApart + channel % run].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Input(float** patch, int channels, float* to, nint apart, int run, nint runApart)
    {
        for (var c = 0; c < channels; c += 16)
        {
            var at = to + c / run * runApart + c % run;
            Columns(patch, 0, c, out var a0, out var a1, out var a2, out var a3);
            Columns(patch, 1, c, out var b0, out var b1, out var b2, out var b3);
            Columns(patch, 2, c, out var c0, out var c1, out var c2, out var c3);
            Columns(patch, 3, c, out var d0, out var d1, out var d2, out var d3);
            Row(a0, b0, c0, d0, at, apart);
            Row(a1, b1, c1, d1, at + 4 * apart, apart);
            Row(a2, b2, c2, d2, at + 8 * apart, apart);
            Row(a3, b3, c3, d3, at + 12 * apart, apart);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static void Columns(float** patch, int x, int c, out Vector512<float> r0, out Vector512<float> r1, out Vector512<float> r2,
            out Vector512<float> r3)
        {
            Vector512<float> p0 = Vector512.Load(patch[x] + c), p1 = Vector512.Load(patch[4 + x] + c);
            Vector512<float> p2 = Vector512.Load(patch[8 + x] + c), p3 = Vector512.Load(patch[12 + x] + c);
            (r0, r1, r2, r3) = (p0 - p2, p1 + p2, p2 - p1, p1 - p3);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static void Row(Vector512<float> p0, Vector512<float> p1, Vector512<float> p2, Vector512<float> p3, float* at, nint apart)
        {
            (p0 - p2).Store(at);
            (p1 + p2).Store(at + apart);
            (p2 - p1).Store(at + 2 * apart);
            (p1 - p3).Store(at + 3 * apart);
        }
    }

    /// <summary>Computes Y = At M A: four pixels of the output.</summary>
    /// <param name="from">M: value (position, channel) at from[position apart + channel].</param>
    /// <param name="pixels">Where the four pixels go, row by row; null for those beyond the border.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Output(float* from, nint apart, int channels, float** pixels, bool add)
    {
        for (var c = 0; c < channels; c += 16)
        {
            var at = from + c;
            Vector512<float> t0 = default, t1 = default, t2 = default, t3 = default, u0 = default, u1 = default, u2 = default, u3 = default;
            Column(at, apart, ref t0, ref u0);
            Column(at + apart, apart, ref t1, ref u1);
            Column(at + 2 * apart, apart, ref t2, ref u2);
            Column(at + 3 * apart, apart, ref t3, ref u3);
            Store(t0 + t1 + t2, pixels[0], c, add);
            Store(t1 - t2 - t3, pixels[1], c, add);
            Store(u0 + u1 + u2, pixels[2], c, add);
            Store(u1 - u2 - u3, pixels[3], c, add);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static void Column(float* at, nint apart, ref Vector512<float> upper, ref Vector512<float> lower)
        {
            Vector512<float> m0 = Vector512.Load(at), m1 = Vector512.Load(at + 4 * apart), m2 = Vector512.Load(at + 8 * apart),
                m3 = Vector512.Load(at + 12 * apart);
            (upper, lower) = (m0 + m1 + m2, m1 - m2 - m3);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static void Store(Vector512<float> value, float* pixel, int c, bool add)
        {
            if (pixel == null) return;
            (add ? value + Vector512.Load(pixel + c) : value).Store(pixel + c);
        }
    }

    /// <summary>Computes A dY At: a tile of the output's gradient, for the gradient of the weights.</summary>
    /// <param name="pixels">Four pixels, row by row; zeros for those beyond the border.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gradient(float** pixels, int channels, float* to, nint apart)
    {
        for (var c = 0; c < channels; c += 16)
        {
            Vector512<float> a = Vector512.Load(pixels[0] + c), b = Vector512.Load(pixels[1] + c);
            Vector512<float> d = Vector512.Load(pixels[2] + c), e = Vector512.Load(pixels[3] + c);
            Row(a, b, to + c, apart);
            Row(a + d, b + e, to + c + 4 * apart, apart);
            Row(a - d, b - e, to + c + 8 * apart, apart);
            Row(-d, -e, to + c + 12 * apart, apart);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static void Row(Vector512<float> left, Vector512<float> right, float* at, nint apart)
        {
            left.Store(at);
            (left + right).Store(at + apart);
            (left - right).Store(at + 2 * apart);
            (-right).Store(at + 3 * apart);
        }
    }
}

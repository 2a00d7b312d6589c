using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Ablation.Harness.Kernels;

/// <summary>
/// The inner loops of <see cref="NormActivation{T}"/>, over rows of C values (C a multiple of 16), sums per channel in float32.
/// </summary>
internal static unsafe class NormPasses<T> where T : struct, IMapValues
{
    /// <summary>Computes mean and sum of squared deviations of each channel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Moments(byte* x, int rows, int channels, float* mean, float* squares)
    {
        new Span<float>(mean, channels).Clear();
        new Span<float>(squares, channels).Clear();
        for (var row = 0; row < rows; row++)
        {
            var at = x + (nint)row * channels * T.Bytes;
            for (var c = 0; c < channels; c += 16) (Vector512.Load(mean + c) + T.Load(at, c)).Store(mean + c);
        }

        var share = Vector512.Create(1f / rows);
        for (var c = 0; c < channels; c += 16) (Vector512.Load(mean + c) * share).Store(mean + c);
        for (var row = 0; row < rows; row++)
        {
            var at = x + (nint)row * channels * T.Bytes;
            for (var c = 0; c < channels; c += 16)
            {
                var away = T.Load(at, c) - Vector512.Load(mean + c);
                Vector512.FusedMultiplyAdd(away, away, Vector512.Load(squares + c)).Store(squares + c);
            }
        }
    }

    /// <summary>Computes y = act(scale x + shift + plus), act(z) = z where z > 0, else slope z.</summary>
    /// <param name="plus">As large as x; may be null.</param>
    /// <param name="slopes">C values; null for no activation.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(byte* x, byte* y, int rows, int channels, float* scale, float* shift, byte* plus, float* slopes)
    {
        for (var row = 0; row < rows; row++, x += channels * T.Bytes, y += channels * T.Bytes)
        {
            for (var c = 0; c < channels; c += 16)
            {
                var z = Vector512.FusedMultiplyAdd(T.Load(x, c), Vector512.Load(scale + c), Vector512.Load(shift + c));
                if (plus != null) z += T.Load(plus, c);
                if (slopes != null) z = Act(z, Vector512.Load(slopes + c));
                T.Store(z, y, c);
            }

            if (plus != null) plus += channels * T.Bytes;
        }
    }

    /// <summary>Computes the sums that the gradient needs: of dz, of dz (x - mean) and of dy min(z, 0).</summary>
    /// <param name="y">The output if its sign is that of z; null to compute z again.</param>
    /// <param name="dy">The output's gradient; if <paramref name="y"/> is given, dz is written over it.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Sums(byte* x, byte* y, byte* dy, int rows, int channels, float* scale, float* shift, float* mean, float* slopes,
        float* sums)
    {
        new Span<float>(sums, 3 * channels).Clear();
        float* products = sums + channels, below = products + channels;
        for (var row = 0; row < rows; row++, x += channels * T.Bytes, dy += channels * T.Bytes)
        {
            for (var c = 0; c < channels; c += 16)
            {
                Vector512<float> value = T.Load(x, c), slope = T.Load(dy, c);
                if (slopes != null)
                {
                    var z = y != null
                        ? T.Load(y, c) : Vector512.FusedMultiplyAdd(value, Vector512.Load(scale + c), Vector512.Load(shift + c));
                    var negative = Vector512.LessThanOrEqual(z, Vector512<float>.Zero);
                    var lost = Vector512.ConditionalSelect(negative, z * slope, Vector512<float>.Zero);
                    (Vector512.Load(below + c) + lost).Store(below + c);
                    slope = Vector512.ConditionalSelect(negative, slope * Vector512.Load(slopes + c), slope);
                    if (y != null) T.Store(slope, dy, c);
                }

                (Vector512.Load(sums + c) + slope).Store(sums + c);
                Vector512.FusedMultiplyAdd(slope, value - Vector512.Load(mean + c), Vector512.Load(products + c)).Store(products + c);
            }

            if (y != null) y += channels * T.Bytes;
        }
    }

    /// <summary>Computes the gradient of x, a dz + b x + d, with all a, then all b and all d in <paramref name="line"/>.</summary>
    /// <param name="dx">May be <paramref name="x"/>.</param>
    /// <param name="slopes">Null if <paramref name="dy"/> already holds dz.</param>
    /// <param name="add">Whether it is added to what <paramref name="dx"/> holds.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gradient(byte* x, byte* dy, byte* dx, int rows, int channels, float* scale, float* shift, float* slopes, float* line,
        bool add)
    {
        float* slant = line + channels, level = slant + channels;
        for (var row = 0; row < rows; row++, x += channels * T.Bytes, dy += channels * T.Bytes, dx += channels * T.Bytes)
        {
            for (var c = 0; c < channels; c += 16)
            {
                Vector512<float> value = T.Load(x, c), slope = T.Load(dy, c);
                if (slopes != null)
                {
                    var z = Vector512.FusedMultiplyAdd(value, Vector512.Load(scale + c), Vector512.Load(shift + c));
                    slope = Vector512.ConditionalSelect(Vector512.LessThanOrEqual(z, Vector512<float>.Zero),
                        slope * Vector512.Load(slopes + c), slope);
                }

                var rest = Vector512.FusedMultiplyAdd(value, Vector512.Load(slant + c), Vector512.Load(level + c));
                rest = Vector512.FusedMultiplyAdd(slope, Vector512.Load(line + c), rest);
                T.Store(add ? rest + T.Load(dx, c) : rest, dx, c);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Act(Vector512<float> z, Vector512<float> slope) =>
        Vector512.ConditionalSelect(Vector512.LessThanOrEqual(z, Vector512<float>.Zero), z * slope, z);
}

using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Ablation.Harness.Images;

/// <summary>The inner loops of resampling: mixes rows as they lie (R, G, B interleaved), then columns, four output pixels at a time and
/// one channel per lane, into planes.</summary>
/// <remarks>Products and sums are separate operations in the order of the taps: a fused multiply-add, or another order, would round
/// differently. Every processor has four lanes; otherwise .NET computes the same in scalars.</remarks>
internal static class RgbMix
{
    private const int Lanes = 4;
    private const int RowsAtOnce = 8; // a row that is read right after it was written waits for the cache

    /// <summary>Fills R, G and B planes of <c>down.Outputs x across.Outputs</c> floats, unclamped.</summary>
    /// <param name="rgb"><c>down.Inputs x across.Inputs</c> pixels.</param>
    public static void ToPlanes(ReadOnlySpan<byte> rgb, ResampleTaps across, ResampleTaps down, Span<float> planes)
    {
        var width = across.Inputs * 3;
        var source = ArrayPool<float>.Shared.Rent(rgb.Length);
        var mixed = ArrayPool<float>.Shared.Rent(RowsAtOnce * width + 1); // four lanes are read at the last pixel's three
        mixed[RowsAtOnce * width] = 0;
        ToFloats(rgb, source);
        for (var y = 0; y < down.Outputs; y += RowsAtOnce)
        {
            var rows = Math.Min(RowsAtOnce, down.Outputs - y);
            for (var row = 0; row < rows; row++) MixRows(source, width, down, y + row, mixed.AsSpan(row * width, width));
            for (var row = 0; row < rows; row++)
                MixColumns(mixed.AsSpan(row * width, width + 1), across, planes, (y + row) * across.Outputs, down.Outputs * across.Outputs);
        }

        ArrayPool<float>.Shared.Return(mixed);
        ArrayPool<float>.Shared.Return(source);
    }

    /// <summary>
    /// Computes row <paramref name="y"/> of the output: the weighted sum of input rows of <paramref name="width"/> values.
    /// </summary>
    public static void MixRows(ReadOnlySpan<float> source, int width, ResampleTaps down, int y, Span<float> row)
    {
        var weights = down.Weights(y);
        source = source.Slice(down.First(y) * width, weights.Length * width);
        row = row[..width];
        ref var from = ref MemoryMarshal.GetReference(source);
        var x = 0;
        for (; x <= width - Vector<float>.Count; x += Vector<float>.Count)
        {
            var sum = Vector<float>.Zero;
            for (var tap = 0; tap < weights.Length; tap++) sum += Vector.LoadUnsafe(ref from, (nuint)(tap * width + x)) * weights[tap];
            sum.CopyTo(row[x..]);
        }

        for (; x < width; x++)
        {
            var sum = 0f;
            for (var tap = 0; tap < weights.Length; tap++) sum += source[tap * width + x] * weights[tap];
            row[x] = sum;
        }
    }

    private static void MixColumns(ReadOnlySpan<float> row, ResampleTaps across, Span<float> planes, int at, int plane)
    {
        ref var pixels = ref MemoryMarshal.GetReference(row);
        ref var weights = ref MemoryMarshal.GetReference(across.Padded);
        var first = across.FirstPadded;
        var taps = across.Longest;
        var k = 0;
        for (; k <= first.Length - Lanes; k += Lanes)
        {
            ref var weight = ref Unsafe.Add(ref weights, k * taps);
            var (a, b, c, d) = (Vector128<float>.Zero, Vector128<float>.Zero, Vector128<float>.Zero, Vector128<float>.Zero);
            var (fromA, fromB, fromC, fromD) = (3 * first[k], 3 * first[k + 1], 3 * first[k + 2], 3 * first[k + 3]);
            for (var tap = 0; tap < taps; tap++)
            {
                a += Vector128.LoadUnsafe(ref pixels, (nuint)(fromA + 3 * tap)) * Unsafe.Add(ref weight, tap);
                b += Vector128.LoadUnsafe(ref pixels, (nuint)(fromB + 3 * tap)) * Unsafe.Add(ref weight, taps + tap);
                c += Vector128.LoadUnsafe(ref pixels, (nuint)(fromC + 3 * tap)) * Unsafe.Add(ref weight, 2 * taps + tap);
                d += Vector128.LoadUnsafe(ref pixels, (nuint)(fromD + 3 * tap)) * Unsafe.Add(ref weight, 3 * taps + tap);
            }

            var (red, green, blue) = Transpose(a, b, c, d);
            red.CopyTo(planes[(at + k)..]);
            green.CopyTo(planes[(plane + at + k)..]);
            blue.CopyTo(planes[(2 * plane + at + k)..]);
        }

        for (; k < first.Length; k++)
        {
            var pixel = Vector128<float>.Zero;
            for (var tap = 0; tap < taps; tap++)
                pixel += Vector128.LoadUnsafe(ref pixels, (nuint)(3 * (first[k] + tap))) * Unsafe.Add(ref weights, k * taps + tap);
            (planes[at + k], planes[plane + at + k], planes[2 * plane + at + k]) = (pixel[0], pixel[1], pixel[2]);
        }
    }

    /// <summary>Transposes four pixels of three channels to three channels of four pixels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector128<float> Red, Vector128<float> Green, Vector128<float> Blue) Transpose(
        Vector128<float> a, Vector128<float> b, Vector128<float> c, Vector128<float> d)
    {
        if (Sse.IsSupported)
        {
            var (low, high) = (Sse.UnpackLow(a, b), Sse.UnpackLow(c, d)); // a0 b0 a1 b1, c0 d0 c1 d1
            return (Sse.MoveLowToHigh(low, high), Sse.MoveHighToLow(high, low),
                Sse.MoveLowToHigh(Sse.UnpackHigh(a, b), Sse.UnpackHigh(c, d)));
        }

        if (AdvSimd.Arm64.IsSupported)
        {
            var (low, high) = (AdvSimd.Arm64.ZipLow(a, b).AsDouble(), AdvSimd.Arm64.ZipLow(c, d).AsDouble());
            var blue = AdvSimd.Arm64.ZipLow(AdvSimd.Arm64.ZipHigh(a, b).AsDouble(), AdvSimd.Arm64.ZipHigh(c, d).AsDouble());
            return (AdvSimd.Arm64.ZipLow(low, high).AsSingle(), AdvSimd.Arm64.ZipHigh(low, high).AsSingle(), blue.AsSingle());
        }

        return (Vector128.Create(a[0], b[0], c[0], d[0]), Vector128.Create(a[1], b[1], c[1], d[1]),
            Vector128.Create(a[2], b[2], c[2], d[2]));
    }

    private static void ToFloats(ReadOnlySpan<byte> bytes, Span<float> floats)
    {
        var i = 0;
        for (; i <= bytes.Length - Vector128<byte>.Count; i += Vector128<byte>.Count)
        {
            var (low, high) = Vector128.Widen(Vector128.Create(bytes[i..]));
            var ((a, b), (c, d)) = (Vector128.Widen(low), Vector128.Widen(high));
            Vector128.ConvertToSingle(a.AsInt32()).CopyTo(floats[i..]);
            Vector128.ConvertToSingle(b.AsInt32()).CopyTo(floats[(i + 4)..]);
            Vector128.ConvertToSingle(c.AsInt32()).CopyTo(floats[(i + 8)..]);
            Vector128.ConvertToSingle(d.AsInt32()).CopyTo(floats[(i + 12)..]);
        }

        for (; i < bytes.Length; i++) floats[i] = bytes[i];
    }
}

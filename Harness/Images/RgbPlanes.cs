using System.Numerics;
using System.Runtime.Intrinsics;

namespace Ablation.Harness.Images;

/// <summary>Separates interleaved bytes and sums planes, several values at a time, with the same bits as the plain loop.</summary>
internal static class RgbPlanes
{
    private const int Block = 128;

    /// <summary>Writes R, G, B bytes to three planes of floats, values unchanged.</summary>
    public static void Separate(ReadOnlySpan<byte> rgb, Span<float> planes)
    {
        var pixels = rgb.Length / 3;
        var red = planes[..pixels];
        var green = planes.Slice(pixels, pixels);
        var blue = planes.Slice(2 * pixels, pixels);
        // one byte to the front of each lane, zeros (index out of range) after it
        var takeRed = Vector128.Create((byte)0, 255, 255, 255, 3, 255, 255, 255, 6, 255, 255, 255, 9, 255, 255, 255);
        var takeGreen = Vector128.Create((byte)1, 255, 255, 255, 4, 255, 255, 255, 7, 255, 255, 255, 10, 255, 255, 255);
        var takeBlue = Vector128.Create((byte)2, 255, 255, 255, 5, 255, 255, 255, 8, 255, 255, 255, 11, 255, 255, 255);
        var i = 0;
        for (; 3 * i <= rgb.Length - Vector128<byte>.Count; i += 4)
        {
            var four = Vector128.Create(rgb[(3 * i)..]);
            Vector128.ConvertToSingle(Vector128.Shuffle(four, takeRed).AsInt32()).CopyTo(red[i..]);
            Vector128.ConvertToSingle(Vector128.Shuffle(four, takeGreen).AsInt32()).CopyTo(green[i..]);
            Vector128.ConvertToSingle(Vector128.Shuffle(four, takeBlue).AsInt32()).CopyTo(blue[i..]);
        }

        for (; i < pixels; i++) (red[i], green[i], blue[i]) = (rgb[3 * i], rgb[3 * i + 1], rgb[3 * i + 2]);
    }

    /// <summary>Returns the sum in doubles, with the same bits as if added one by one from the first. Values lie in 0 .. 255.</summary>
    /// <remarks>An addition in doubles below a power of two B is exact if both numbers are multiples of B / 2^53. A float of 24 bits is one
    /// from B / 2^30 on, and so is 0. If that holds for a block of values, no partial sum rounds in any order, and several are added at a
    /// time; otherwise they are added one by one.</remarks>
    public static double Sum(ReadOnlySpan<float> values)
    {
        var sum = 0.0;
        for (var at = 0; at < values.Length; at += Block)
        {
            var block = values.Slice(at, Math.Min(Block, values.Length - at));
            var bound = (double)(1UL << 64 - BitOperations.LeadingZeroCount((ulong)sum + 256 * Block)); // above every partial sum
            if (sum + bound / 2 - bound / 2 == sum && SumExactly(block, (float)(bound / (1 << 30))) is { } exact) sum += exact;
            else foreach (var value in block) sum += value;
        }

        return sum;
    }

    /// <summary>Returns the sum in any order; null if a value is not 0 and below <paramref name="finest"/>.</summary>
    private static double? SumExactly(ReadOnlySpan<float> block, float finest)
    {
        if (block.Length != Block) return null;
        var (sums, tiny) = (Vector<double>.Zero, Vector<int>.Zero);
        for (var i = 0; i < Block; i += Vector<float>.Count)
        {
            var some = new Vector<float>(block[i..]);
            tiny |= Vector.LessThan(some, new Vector<float>(finest)) & ~Vector.Equals(some, Vector<float>.Zero);
            Vector.Widen(some, out var low, out var high);
            sums += low + high;
        }

        return tiny == Vector<int>.Zero ? Vector.Sum(sums) : null;
    }
}

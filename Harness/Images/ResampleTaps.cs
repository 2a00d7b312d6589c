using System.Buffers;

namespace Ablation.Harness.Images;

/// <summary>The input pixels of each output pixel of one axis, and their weights, which sum to 1.</summary>
/// <remarks>Every output has room for as many weights as the longest. Zeros fill it up, in front if the pixels behind would lie beyond the
/// border. A sum that starts at 0 is never -0, so adding 0 times a pixel does not change its bits.</remarks>
public sealed class ResampleTaps
{
    private readonly int[] first;
    private readonly int[] firstPadded;
    private readonly int[] start; // of its weights in "weights", without the zeros
    private readonly int[] count;
    private readonly float[] weights; // outputs x Longest

    /// <param name="inputs">Pixels of the axis.</param>
    /// <param name="offset">Start of the part taken, in input pixels; may be negative.</param>
    /// <param name="length">Its length, in input pixels.</param>
    /// <param name="outputs">Pixels to make.</param>
    /// <param name="kernel">Null: area where the axis shrinks or keeps its size, bicubic where it grows.</param>
    /// <param name="mirrored">Output k takes what output <c>outputs - 1 - k</c> would.</param>
    public ResampleTaps(int inputs, double offset, double length, int outputs, ResampleKernel? kernel, bool mirrored = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        if (!(length > 0) || !double.IsFinite(length) || !double.IsFinite(offset))
            throw new ArgumentOutOfRangeException(nameof(length), length, "the part taken must be finite and not empty");
        Inputs = inputs;
        Outputs = outputs;
        first = new int[outputs];
        firstPadded = new int[outputs];
        start = new int[outputs];
        count = new int[outputs];
        var step = length / outputs;
        var chosen = kernel ?? (step >= 1 ? ResampleKernel.Area : ResampleKernel.Bicubic);
        var most = ResampleWeights.Most(chosen, step);
        var reach = Math.Min(most, inputs); // what is left when the border has folded them
        var scratch = ArrayPool<double>.Shared.Rent(most);
        var found = ArrayPool<float>.Shared.Rent(checked(outputs * reach));
        for (var k = 0; k < outputs; k++)
        {
            var from = offset + (mirrored ? outputs - 1 - k : k) * step;
            var (low, taps) = ResampleWeights.Of(chosen, from, step, scratch);
            (first[k], count[k]) = Fold(low, scratch.AsSpan(0, taps), found.AsSpan(k * reach, reach));
            Longest = Math.Max(Longest, count[k]);
        }

        weights = new float[outputs * Longest];
        for (var k = 0; k < outputs; k++)
        {
            firstPadded[k] = Math.Min(first[k], inputs - Longest);
            start[k] = k * Longest + first[k] - firstPadded[k];
            found.AsSpan(k * reach, count[k]).CopyTo(weights.AsSpan(start[k]));
        }

        ArrayPool<double>.Shared.Return(scratch);
        ArrayPool<float>.Shared.Return(found);
        IsIdentity = inputs == outputs && Longest == 1 && Unchanged();
    }

    public int Inputs { get; }

    public int Outputs { get; }

    /// <summary>The most weights of an output; never more than there are inputs.</summary>
    public int Longest { get; }

    /// <summary>Whether output k is input k, for every k.</summary>
    public bool IsIdentity { get; }

    /// <summary>The first input pixel of output <paramref name="k"/>; the others follow it.</summary>
    public int First(int k) => first[k];

    public ReadOnlySpan<float> Weights(int k) => weights.AsSpan(start[k], count[k]);

    /// <summary>As <see cref="First"/>, for <see cref="Padded"/>.</summary>
    internal ReadOnlySpan<int> FirstPadded => firstPadded;

    /// <summary>All weights: <see cref="Longest"/> per output, zeros included.</summary>
    internal ReadOnlySpan<float> Padded => weights;

    /// <summary>Resamples one row: <see cref="Inputs"/> values to <see cref="Outputs"/>.</summary>
    public void Apply(ReadOnlySpan<float> input, Span<float> output)
    {
        for (var k = 0; k < output.Length; k++)
        {
            var mix = Weights(k);
            var from = input.Slice(first[k], mix.Length);
            var sum = 0f;
            for (var tap = 0; tap < mix.Length; tap++) sum += from[tap] * mix[tap];
            output[k] = sum;
        }
    }

    private bool Unchanged()
    {
        for (var k = 0; k < first.Length; k++)
        {
            if (first[k] != k || weights[k] != 1) return false;
        }

        return true;
    }

    /// <summary>Adds the weights of pixels beyond the border to the outermost one and drops zeros at the ends; returns the first pixel and
    /// the number of weights.</summary>
    private (int First, int Count) Fold(int low, ReadOnlySpan<double> taps, Span<float> found)
    {
        var (lowest, used) = (-1, 0);
        var pending = 0.0;
        for (var tap = 0; tap < taps.Length; tap++)
        {
            var pixel = Math.Clamp(low + tap, 0, Inputs - 1);
            pending += taps[tap];
            if (tap + 1 < taps.Length && Math.Clamp(low + tap + 1, 0, Inputs - 1) == pixel) continue; // the next falls on the same pixel
            if (pending != 0 && lowest < 0) lowest = pixel;
            if (lowest >= 0) found[used++] = (float)pending;
            pending = 0;
        }

        while (used > 1 && found[used - 1] == 0) used--;
        return (lowest, used);
    }
}

namespace Ablation.Harness.Data;

public enum ResampleKernel
{
    /// <summary>The mean over what an output pixel covers.</summary>
    Area,

    /// <summary>Two taps, linear.</summary>
    Bilinear,

    /// <summary>Four taps, cubic with a = -0.5 (Keys 1981; Catmull-Rom).</summary>
    Bicubic,
}

/// <summary>For each output pixel of one axis, the input pixels it is mixed from and their weights, which sum to 1.</summary>
public sealed class ResampleTaps
{
    private readonly int[] first;
    private readonly int[] start;
    private readonly float[] weights;

    /// <param name="inputs">Pixels of the axis.</param>
    /// <param name="offset">Where the part taken begins, in input pixels; may be negative.</param>
    /// <param name="length">How long it is, in input pixels.</param>
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
        start = new int[outputs + 1];
        var step = length / outputs;
        var found = new List<float>(outputs * 4);
        var taps = new List<double>();
        for (var k = 0; k < outputs; k++)
        {
            var from = offset + (mirrored ? outputs - 1 - k : k) * step;
            taps.Clear();
            var low = (kernel ?? (step >= 1 ? ResampleKernel.Area : ResampleKernel.Bicubic)) switch
            {
                ResampleKernel.Area => Area(from, step, taps),
                ResampleKernel.Bilinear => Bilinear(from + step / 2 - 0.5, taps),
                _ => Bicubic(from + step / 2 - 0.5, taps),
            };
            first[k] = Fold(low, taps, found);
            start[k + 1] = found.Count;
        }

        weights = [.. found];
    }

    public int Inputs { get; }

    public int Outputs { get; }

    /// <summary>The first input pixel of output <paramref name="k"/>; the others follow it.</summary>
    public int First(int k) => first[k];

    public ReadOnlySpan<float> Weights(int k) => weights.AsSpan(start[k], start[k + 1] - start[k]);

    /// <summary>One row: <see cref="Inputs"/> values to <see cref="Outputs"/>.</summary>
    public void Apply(ReadOnlySpan<float> input, Span<float> output)
    {
        for (var k = 0; k < output.Length; k++)
        {
            var mix = weights.AsSpan(start[k], start[k + 1] - start[k]);
            var from = input.Slice(first[k], mix.Length);
            var sum = 0f;
            for (var tap = 0; tap < mix.Length; tap++) sum += from[tap] * mix[tap];
            output[k] = sum;
        }
    }

    private static int Area(double from, double step, List<double> taps)
    {
        var low = (int)Math.Floor(from);
        for (var pixel = low; pixel < from + step || pixel == low; pixel++)
            taps.Add((Math.Min(from + step, pixel + 1) - Math.Max(from, pixel)) / step);
        return low;
    }

    private static int Bilinear(double centre, List<double> taps)
    {
        var low = (int)Math.Floor(centre);
        taps.AddRange([1 - (centre - low), centre - low]);
        return low;
    }

    private static int Bicubic(double centre, List<double> taps)
    {
        var low = (int)Math.Floor(centre);
        var t = centre - low;
        taps.AddRange(
        [
            ((-0.5 * t + 1) * t - 0.5) * t,
            (1.5 * t - 2.5) * t * t + 1,
            ((-1.5 * t + 2) * t + 0.5) * t,
            (0.5 * t - 0.5) * t * t,
        ]);
        return low - 1;
    }

    /// <summary>Gives the weight of pixels beyond the border to the outermost one and drops zeros at the ends; returns the first pixel.</summary>
    private int Fold(int low, List<double> taps, List<float> found)
    {
        var begin = found.Count;
        var lowest = -1;
        var pending = 0.0;
        for (var tap = 0; tap < taps.Count; tap++)
        {
            var pixel = Math.Clamp(low + tap, 0, Inputs - 1);
            pending += taps[tap];
            if (tap + 1 < taps.Count && Math.Clamp(low + tap + 1, 0, Inputs - 1) == pixel) continue; // the next falls on the same pixel
            if (pending != 0 && lowest < 0) lowest = pixel;
            if (lowest >= 0) found.Add((float)pending);
            pending = 0;
        }

        while (found.Count > begin + 1 && found[^1] == 0) found.RemoveAt(found.Count - 1);
        return lowest;
    }
}

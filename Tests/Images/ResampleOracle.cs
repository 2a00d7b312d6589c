using Ablation.Harness.Images;

namespace Ablation.Tests.Images;

/// <summary>Plain resampling with lists of weights, one value at a time. Vectorised code must give these bits.</summary>
internal static class ResampleOracle
{
    private readonly record struct Taps(int First, float[] Weights);

    public static float[] ToPlanes(FaceImage image, CropBox box, int resolution, bool mirrored)
    {
        var across = Axis(image.Width, box.Left, box.Width, resolution, mirrored);
        var down = Axis(image.Height, box.Top, box.Height, resolution, false);
        var planes = new float[3 * resolution * resolution];
        for (var channel = 0; channel < 3; channel++)
        {
            for (var y = 0; y < resolution; y++)
            {
                var row = new float[image.Width];
                for (var x = 0; x < image.Width; x++)
                {
                    for (var tap = 0; tap < down[y].Weights.Length; tap++)
                        row[x] += image.Rgb[((down[y].First + tap) * image.Width + x) * 3 + channel] * down[y].Weights[tap];
                }

                for (var k = 0; k < resolution; k++)
                {
                    var sum = 0f;
                    for (var tap = 0; tap < across[k].Weights.Length; tap++) sum += row[across[k].First + tap] * across[k].Weights[tap];
                    planes[(channel * resolution + y) * resolution + k] = Math.Clamp(sum, 0f, 255f);
                }
            }
        }

        return planes;
    }

    /// <summary>Contrast, brightness and the network's range.</summary>
    public static void Light(float[] planes, double contrast, double brightness)
    {
        var sum = 0.0;
        foreach (var value in planes) sum += value;
        var mean = sum / planes.Length;
        var (slope, offset) = ((float)contrast, (float)(mean - contrast * mean + brightness));
        for (var i = 0; i < planes.Length; i++)
        {
            var product = planes[i] * slope;
            planes[i] = (Math.Clamp(product + offset, 0f, 255f) - 127.5f) / 127.5f;
        }
    }

    private static Taps[] Axis(int inputs, double offset, double length, int outputs, bool mirrored)
    {
        var step = length / outputs;
        var axis = new Taps[outputs];
        for (var k = 0; k < outputs; k++)
        {
            var from = offset + (mirrored ? outputs - 1 - k : k) * step;
            var (low, weights) = step >= 1 ? Area(from, step) : Bicubic(from + step / 2 - 0.5);
            axis[k] = Folded(low, weights, inputs);
        }

        return axis;
    }

    private static (int Low, List<double> Weights) Area(double from, double step)
    {
        var low = (int)Math.Floor(from);
        var weights = new List<double>();
        for (var pixel = low; pixel < from + step || pixel == low; pixel++)
            weights.Add((Math.Min(from + step, pixel + 1) - Math.Max(from, pixel)) / step);
        return (low, weights);
    }

    private static (int Low, List<double> Weights) Bicubic(double centre)
    {
        var low = (int)Math.Floor(centre);
        var t = centre - low;
        return (low - 1,
            [((-0.5 * t + 1) * t - 0.5) * t, (1.5 * t - 2.5) * t * t + 1, ((-1.5 * t + 2) * t + 0.5) * t, (0.5 * t - 0.5) * t * t]);
    }

    /// <summary>Adds weights beyond the border to the outermost pixel and drops zeros at the ends.</summary>
    private static Taps Folded(int low, List<double> weights, int inputs)
    {
        var folded = new List<(int Pixel, double Weight)>();
        for (var tap = 0; tap < weights.Count; tap++)
        {
            var pixel = Math.Clamp(low + tap, 0, inputs - 1);
            if (folded.Count > 0 && folded[^1].Pixel == pixel) folded[^1] = (pixel, folded[^1].Weight + weights[tap]);
            else folded.Add((pixel, weights[tap]));
        }

        while (folded.Count > 1 && (float)folded[^1].Weight == 0) folded.RemoveAt(folded.Count - 1);
        while (folded.Count > 1 && folded[0].Weight == 0) folded.RemoveAt(0);
        return new Taps(folded[0].Pixel, [.. folded.Select(tap => (float)tap.Weight)]);
    }
}

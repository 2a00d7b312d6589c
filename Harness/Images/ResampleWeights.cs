using Ablation.Harness.Foundations;

namespace Ablation.Harness.Images;

/// <summary>How an output pixel is mixed from input pixels.</summary>
public enum ResampleKernel
{
    /// <summary>The mean over the area of an output pixel.</summary>
    Area,

    /// <summary>Four taps, cubic with a = -0.5 (Keys 1981; Catmull-Rom).</summary>
    Bicubic,

    /// <summary>The one pixel that holds the output's centre.</summary>
    Nearest,

    /// <summary>Two taps, linear.</summary>
    Linear,

    /// <summary>Eight taps: sinc, windowed by a sinc of four times its width.</summary>
    Lanczos,
}

/// <summary>
/// The weights of each kernel. Only <see cref="ResampleKernel.Area"/> widens where an axis shrinks; the others leave pixels out and alias,
/// as image libraries do that sample at the input's scale.
/// </summary>
internal static class ResampleWeights
{
    private const int Lobes = 4;

    /// <summary>The most weights of an output.</summary>
    /// <param name="step">Input pixels per output.</param>
    public static int Most(ResampleKernel kernel, double step) => kernel switch
    {
        ResampleKernel.Area => checked((int)Math.Ceiling(step) + 2), // an area may begin and end within a pixel
        ResampleKernel.Bicubic => 4,
        ResampleKernel.Nearest => 1,
        ResampleKernel.Linear => 2,
        ResampleKernel.Lanczos => 2 * Lobes,
        _ => throw new ArgumentOutOfRangeException(nameof(kernel), kernel, "no weights for this kernel"),
    };

    /// <summary>Writes the weights of an output, which sum to 1; returns the pixel of the first, which may be beyond the border, and their
    /// number.</summary>
    /// <param name="from">Where the output begins, in input pixels.</param>
    public static (int Low, int Taps) Of(ResampleKernel kernel, double from, double step, Span<double> taps)
    {
        var centre = from + step / 2 - 0.5;
        switch (kernel)
        {
            case ResampleKernel.Area: return Area(from, step, taps);
            case ResampleKernel.Bicubic: return Bicubic(centre, taps);
            case ResampleKernel.Linear: return Linear(centre, taps);
            case ResampleKernel.Lanczos: return Lanczos(centre, taps);
            default:
                taps[0] = 1;
                return ((int)Math.Floor(centre + 0.5 + 1e-9), 1); // a centre on an edge belongs to the pixel behind it
        }
    }

    private static (int Low, int Taps) Area(double from, double step, Span<double> taps)
    {
        var low = (int)Math.Floor(from);
        var used = 0;
        for (var pixel = low; pixel < from + step || pixel == low; pixel++)
            taps[used++] = (Math.Min(from + step, pixel + 1) - Math.Max(from, pixel)) / step;
        return (low, used);
    }

    private static (int Low, int Taps) Bicubic(double centre, Span<double> taps)
    {
        var low = (int)Math.Floor(centre);
        var t = centre - low;
        taps[0] = ((-0.5 * t + 1) * t - 0.5) * t;
        taps[1] = (1.5 * t - 2.5) * t * t + 1;
        taps[2] = ((-1.5 * t + 2) * t + 0.5) * t;
        taps[3] = (0.5 * t - 0.5) * t * t;
        return (low - 1, 4);
    }

    private static (int Low, int Taps) Linear(double centre, Span<double> taps)
    {
        var low = (int)Math.Floor(centre);
        (taps[0], taps[1]) = (1 - (centre - low), centre - low);
        return (low, 2);
    }

    private static (int Low, int Taps) Lanczos(double centre, Span<double> taps)
    {
        var low = (int)Math.Floor(centre) - Lobes + 1;
        var sum = 0.0;
        for (var tap = 0; tap < 2 * Lobes; tap++)
        {
            var x = centre - (low + tap);
            taps[tap] = Math.Abs(x) >= Lobes ? 0 : Sinc(x) * Sinc(x / Lobes);
            sum += taps[tap];
        }

        for (var tap = 0; tap < 2 * Lobes; tap++) taps[tap] /= sum; // the window leaves a sum near 1
        return (low, 2 * Lobes);
    }

    private static double Sinc(double x) => x == 0 ? 1 : PortableMath.Sin(Math.PI * x) / (Math.PI * x);
}

using static TorchSharp.torch;

namespace Ablation.Losses.Heads;

/// <summary>Functions of the angle theta, given its cosine, whose derivative stays finite at theta = 0 and pi.</summary>
internal static class Angles
{
    // 1 - c^2 below this counts as 0: sqrt's derivative is cut there, instead of growing to infinity
    private const double SmallestSquaredSine = 1e-12;

    // acos' derivative is cut within this distance of -1 and 1; one unit in the last place of a float32 below 1 is 6e-8
    private const double AcosGuard = 1e-7;

    /// <summary>sin(theta), from (1 - c)(1 + c), which does not cancel near 1.</summary>
    public static Tensor Sine(Tensor cosine) => ((1 - cosine) * (1 + cosine)).clamp_min(SmallestSquaredSine).sqrt();

    /// <summary>cos(theta + m), without acos.</summary>
    public static Tensor Moved(Tensor cosine, double m) => cosine * Math.Cos(m) - Sine(cosine) * Math.Sin(m);

    /// <summary>cos(theta + m) for an m of each sample, of the shape of <paramref name="cosine"/>.</summary>
    public static Tensor Moved(Tensor cosine, Tensor m) => cosine * m.cos() - Sine(cosine) * m.sin();

    /// <summary>theta in [0, pi].</summary>
    public static Tensor Angle(Tensor cosine) => cosine.clamp(-1 + AcosGuard, 1 - AcosGuard).acos();

    /// <summary>Sets a slope to 0 where <see cref="Angle"/> cuts its derivative; in place.</summary>
    public static Tensor WithoutGuarded(Tensor slope, Tensor cosine) => slope.masked_fill_(cosine.abs() > 1 - AcosGuard, 0);

    /// <summary>
    /// psi(theta) = (-1)^k cos(m theta) - 2k with k = floor(m theta / pi): cos(m theta) continued to fall monotonically beyond
    /// pi / m. Liu et al., SphereFace (CVPR 2017), Eq. 7; m need not be whole.
    /// </summary>
    public static Tensor MonotoneMultiple(Tensor cosine, double m)
    {
        var multiple = Angle(cosine) * m;
        var k = (multiple.detach() / Math.PI).floor();
        var sign = 1 - 2 * k.remainder(2);
        return sign * multiple.cos() - 2 * k;
    }
}

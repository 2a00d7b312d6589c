using MathNet.Numerics.Distributions;
using MathNet.Numerics.Integration;

namespace Ablation.Harness.Statistics;

/// <summary>
/// The studentised range with infinite degrees of freedom: the distribution of the largest minus the smallest of k standard normal numbers.
/// The range of mean ranks over many blocks approaches it.
/// </summary>
public static class StudentizedRange
{
    private const double Reach = 9; // phi(9) is 1e-18
    private const int Panels = 24;
    private static readonly GaussLegendreRule Rule = new(-1, 1, 16);

    /// <summary>
    /// Computes P(range &lt;= <paramref name="range"/>), to about 1e-14: k times the integral of phi(z) (Phi(z) - Phi(z - range))^(k - 1),
    /// z the largest.
    /// </summary>
    /// <param name="k">Numbers, at least 2.</param>
    public static double CumulativeProbability(double range, int k)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 2);
        if (!(range > 0)) return 0;
        double sum = 0;
        const double Half = Reach / Panels;
        for (var panel = 0; panel < Panels; panel++)
        {
            var middle = (2 * panel + 1) * Half - Reach;
            for (var point = 0; point < Rule.Order; point++)
            {
                var z = middle + Half * Rule.GetAbscissa(point);
                sum += Half * Rule.GetWeight(point) * Normal.PDF(0, 1, z)
                    * Math.Pow(Normal.CDF(0, 1, z) - Normal.CDF(0, 1, z - range), k - 1);
            }
        }

        return Math.Min(1, k * sum);
    }

    /// <summary>Finds the range that is exceeded with probability <paramref name="level"/>.</summary>
    /// <param name="k">Numbers, at least 2.</param>
    /// <param name="level">Above 0 and below 1.</param>
    public static double UpperQuantile(int k, double level)
    {
        if (!(level > 0 && level < 1)) throw new ArgumentOutOfRangeException(nameof(level), level, "a level is above 0 and below 1");
        double low = 0, high = 1;
        while (CumulativeProbability(high, k) < 1 - level) (low, high) = (high, 2 * high);
        while (high - low > 1e-14 * high)
        {
            var middle = (low + high) / 2;
            if (CumulativeProbability(middle, k) < 1 - level) low = middle;
            else high = middle;
        }

        return (low + high) / 2;
    }
}

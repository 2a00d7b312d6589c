using System.Collections.Concurrent;
using MathNet.Numerics.Distributions;

namespace Ablation.Harness.Statistics;

/// <summary>
/// Computes quantiles of the t distribution far out in its tail, for tables with many comparisons. MathNet's search ends at 800, which is
/// too small for one degree of freedom at a level of 0.0008.
/// </summary>
internal static class StudentTail
{
    private static readonly ConcurrentDictionary<(int Freedom, double Level), double> Known = [];
    private static readonly ConcurrentDictionary<(int Freedom, double Share), double> Quantiles = [];

    /// <summary>Returns MathNet's quantile; its search takes longer than all else about a mean, and tables ask for few of them.</summary>
    public static double Quantile(int degreesOfFreedom, double share) => Quantiles.GetOrAdd((degreesOfFreedom, share),
        key => StudentT.InvCDF(0, 1, key.Freedom, key.Share));

    /// <summary>Finds the t that |T| exceeds with probability <paramref name="level"/> if the true difference is 0.</summary>
    /// <param name="level">Two-sided, above 0 and below 1.</param>
    public static double TwoSided(int degreesOfFreedom, double level)
    {
        if (!(level > 0 && level < 1)) throw new ArgumentOutOfRangeException(nameof(level), level, "a level is above 0 and below 1");
        return Known.GetOrAdd((degreesOfFreedom, level), _ =>
        {
            var high = 1.0;
            while (Beyond(high) > level) high *= 2;
            var low = high == 1 ? 0 : high / 2;
            while (high - low > 1e-14 * high)
            {
                var middle = (low + high) / 2;
                if (Beyond(middle) > level) low = middle;
                else high = middle;
            }

            return high;
        });

        double Beyond(double t) => 2 * StudentT.CDF(0, 1, degreesOfFreedom, -t);
    }
}

using MathNet.Numerics.Distributions;
using MathNet.Numerics.Integration;

namespace Ablation.Harness.Statistics;

/// <summary>
/// The noncentral t distribution: that of (Z + delta) / sqrt(V / nu), Z standard normal, V chi-square with nu degrees of freedom. A t
/// statistic follows it if the true difference is not 0.
/// </summary>
/// <remarks>
/// P(T &lt;= t) is the mean of Phi(t x - delta) over x = sqrt(V / nu). The integral is split where Phi rises, and each part is integrated
/// by panels of 16 Gauss-Legendre points. All terms are positive, so nothing cancels or underflows as in the usual series; dividing by the
/// sum of the weights removes the density's constant.
/// </remarks>
public static class NoncentralT
{
    private const int Panels = 10; // a part is at most 28 deviations of x, or 18 of Phi's argument, wide
    private const double Reach = 9; // Phi(-9) is 1e-19
    private const double Spread = 10; // x beyond 1 +- 10 / sqrt(nu) has less than 1e-21 of the density
    private static readonly GaussLegendreRule Rule = new(-1, 1, 16);

    /// <summary>Computes P(T &lt;= <paramref name="t"/>), to about 1e-13.</summary>
    /// <param name="degreesOfFreedom">At least 1.</param>
    /// <param name="noncentrality">delta; in a paired test the true difference over its deviation, times the root of n.</param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one degree of freedom, or a number that is not finite.</exception>
    public static double CumulativeProbability(double t, int degreesOfFreedom, double noncentrality)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(degreesOfFreedom, 1);
        if (!double.IsFinite(t)) throw new ArgumentOutOfRangeException(nameof(t), t, "t is a finite number");
        if (!double.IsFinite(noncentrality))
            throw new ArgumentOutOfRangeException(nameof(noncentrality), noncentrality, "the noncentrality is a finite number");
        if (t == 0) return Normal.CDF(0, 1, -noncentrality);

        var (low, high) = (Math.Max(0, 1 - Spread / Math.Sqrt(degreesOfFreedom)), 1 + Spread / Math.Sqrt(degreesOfFreedom));
        var (centre, width) = (noncentrality / t, Reach / Math.Abs(t));
        var (from, to) = (Math.Clamp(centre - width, low, high), Math.Clamp(centre + width, low, high));
        double sum = 0, weight = 0;
        Add(low, from);
        Add(from, to);
        Add(to, high);
        return sum / weight;

        void Add(double begin, double end)
        {
            if (!(end > begin)) return;
            var half = (end - begin) / (2 * Panels);
            for (var panel = 0; panel < Panels; panel++)
            {
                var middle = begin + (2 * panel + 1) * half;
                for (var point = 0; point < Rule.Order; point++)
                {
                    var x = middle + half * Rule.GetAbscissa(point);
                    var here = half * Rule.GetWeight(point)
                        * Math.Exp((degreesOfFreedom - 1) * Math.Log(x) - degreesOfFreedom * (x * x - 1) / 2);
                    weight += here;
                    sum += here * Normal.CDF(0, 1, t * x - noncentrality);
                }
            }
        }
    }
}

using System.Collections.Concurrent;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.Integration;

namespace Ablation.Harness.Statistics;

/// <summary>
/// Dunnett's distribution: that of the largest of m t statistics which share the baseline's mean and one estimate of the deviation. It
/// corrects many comparisons with one baseline exactly, where Holm and Bonferroni assume the worst.
/// </summary>
/// <remarks>
/// C. W. Dunnett, "A multiple comparison procedure for comparing several treatments with a control", Journal of the American Statistical
/// Association 50, 1955. Given the baseline's part z and the deviation s the statistics are independent, so the probability is a double
/// integral: over z by panels of 16 Gauss-Legendre points, and over s likewise, split where the inner part has reached 1; dividing by the
/// sum of the weights removes the density's constant.
/// </remarks>
public static class Dunnett
{
    private const double Reach = 8.5; // Phi(-8.5) is 1e-17
    private const double Spread = 10; // s beyond 1 +- 10 / sqrt(2 f) has less than 1e-12 of the density where f is large
    private const int CoarseSteps = 6; // halvings after which the distribution is nearly straight
    private const int Panels = 4; // to about 1e-9, checked against finer ones
    private static readonly GaussLegendreRule Rule = new(-1, 1, 16);
    private static readonly (double Z, double Weight)[] Nodes =
        [.. Points(-Reach, Reach).Select(point => (point.At, point.Weight * Normal.PDF(0, 1, point.At)))];

    private static readonly double Half = Math.Sqrt(0.5);
    private static readonly ConcurrentDictionary<(int Losses, int Freedom, double Level, bool TwoSided), Lazy<double>> Known = [];

    /// <summary>Computes P(max |T| &lt;= <paramref name="value"/>) for losses with equal variances, whose differences correlate by
    /// 1/2.</summary>
    /// <param name="losses">m, compared with the baseline; at least 1.</param>
    /// <param name="degreesOfFreedom">f, of the deviation; at least 1.</param>
    public static double Within(double value, int losses, int degreesOfFreedom) =>
        Probability(value, [(Half, losses)], degreesOfFreedom, isTwoSided: true);

    /// <summary>Computes it for differences i and j that correlate by lambda_i lambda_j.</summary>
    /// <param name="loadings">Each lambda, above 0 and below 1.</param>
    public static double Within(double value, IReadOnlyList<double> loadings, int degreesOfFreedom) =>
        Probability(value, [.. loadings.CountBy(loading => loading).Select(one => (one.Key, one.Value))], degreesOfFreedom, true);

    /// <summary>Finds the value that the largest |T| exceeds with probability <paramref name="level"/> if no loss differs.</summary>
    public static double Critical(int losses, int degreesOfFreedom, double level) => Find(losses, degreesOfFreedom, level, true);

    /// <summary>The same for the largest T, of one sign.</summary>
    public static double CriticalOneSided(int losses, int degreesOfFreedom, double level) => Find(losses, degreesOfFreedom, level, false);

    private static double Find(int losses, int degreesOfFreedom, double level, bool isTwoSided)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(losses, 1);
        if (!(level > 0 && level < 1)) throw new ArgumentOutOfRangeException(nameof(level), level, "a level is above 0 and below 1");
        return Known.GetOrAdd((losses, degreesOfFreedom, level, isTwoSided), _ => new Lazy<double>(() =>
        {
            double low = 0, high = 4;
            while (!IsEnough(high)) (low, high) = (high, 2 * high);
            var (below, above) = (low, high);
            for (var step = 0; high - low > 1e-11 * high; step++)
            {
                if (step == CoarseSteps) (below, above) = Near(Excess, low, high);
                var middle = (low + high) / 2;
                if (middle >= above || (middle > below && IsEnough(middle))) high = middle;
                else low = middle;
            }

            return (low + high) / 2;
        })).Value;

        bool IsEnough(double value) => Excess(value) >= 0;
        double Excess(double value) => Probability(value, [(Half, losses)], degreesOfFreedom, isTwoSided) - (1 - level);
    }

    /// <summary>
    /// Returns values a little below and above the zero of a rising function, by the secant through its last two values. Beyond them the
    /// search need not ask: each value takes a millisecond. Returns the ends where this finds none.
    /// </summary>
    private static (double Below, double Above) Near(Func<double, double> rising, double low, double high)
    {
        const double Margin = 1e-9; // of the place; values are exact to about 1e-15, over a slope of about 0.1
        var (before, at) = (low, high);
        var (valueBefore, value) = (rising(before), rising(at));
        for (var step = 0; step < 12; step++)
        {
            var next = at - value * (at - before) / (value - valueBefore);
            if (!(next > low && next < high)) break;
            if (Math.Abs(next - at) < Margin * at / 100) return (next - Margin * next, next + Margin * next);
            (before, valueBefore, at, value) = (at, value, next, rising(next));
        }

        return (low, high);
    }

    private static double Probability(double value, IReadOnlyList<(double Loading, int Count)> losses, int f, bool isTwoSided)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(f, 1);
        if (!(value > 0)) return isTwoSided ? 0 : throw new ArgumentOutOfRangeException(nameof(value), value, "above 0");
        var (low, high) = (Math.Max(0, 1 - Spread / Math.Sqrt(2.0 * f)), 1 + Spread / Math.Sqrt(2.0 * f));
        var split = Math.Clamp(Math.Sqrt(2) * Reach / value, low, high);
        double sum = 0, weight = 0;
        foreach (var (s, width) in Points(low, split).Concat(Points(split, high)))
        {
            var here = width * Math.Exp((f - 1) * Math.Log(s) - f * (s * s - 1) / 2);
            weight += here;
            sum += here * Inner(value * s, losses, isTwoSided);
        }

        return Math.Min(1, sum / weight);
    }

    /// <summary>Computes the probability for a known deviation.</summary>
    private static double Inner(double limit, IReadOnlyList<(double Loading, int Count)> losses, bool isTwoSided)
    {
        double sum = 0;
        foreach (var (z, weight) in Nodes)
        {
            var product = weight;
            foreach (var (loading, count) in losses)
            {
                var own = Math.Sqrt(1 - loading * loading);
                var inside = Normal.CDF(0, 1, (loading * z + limit) / own);
                if (isTwoSided) inside -= Normal.CDF(0, 1, (loading * z - limit) / own);
                product *= Math.Pow(inside, count);
            }

            sum += product;
        }

        return sum;
    }

    private static IEnumerable<(double At, double Weight)> Points(double begin, double end)
    {
        if (!(end > begin)) yield break;
        var half = (end - begin) / (2 * Panels);
        for (var panel = 0; panel < Panels; panel++)
        {
            var middle = begin + (2 * panel + 1) * half;
            for (var point = 0; point < Rule.Order; point++)
                yield return (middle + half * Rule.GetAbscissa(point), half * Rule.GetWeight(point));
        }
    }
}

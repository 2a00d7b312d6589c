namespace Ablation.Benchmarks;

/// <summary>
/// A median with an interval that needs no distribution: the order statistics between which the true median lies with a
/// confidence of at least 95 % (a binomial count; with fewer than six values, all of them, and less confidence).
/// </summary>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
/// <param name="Count">Values.</param>
public sealed record MedianInterval(double Median, double Low, double High, int Count)
{
    public static MedianInterval Compute(IReadOnlyList<double> values)
    {
        var sorted = values.Order().ToList();
        // the largest number of values to leave out at each end, so that 2 P(fewer than that many fall below the median) <= 5 %
        var left = 0;
        double tail = Math.Pow(0.5, sorted.Count), choices = 1;
        while (left + 1 < sorted.Count / 2)
        {
            choices *= (sorted.Count - left) / (left + 1.0);
            var next = tail + choices * Math.Pow(0.5, sorted.Count);
            if (2 * next > 0.05) break;
            tail = next;
            left++;
        }

        return new MedianInterval(Middle(sorted), sorted[left], sorted[^(left + 1)], sorted.Count);
    }

    /// <summary>The median; the mean of the middle two of an even number.</summary>
    public static double Middle(IReadOnlyList<double> values)
    {
        var sorted = values.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }
}

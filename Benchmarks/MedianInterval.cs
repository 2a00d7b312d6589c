namespace Ablation.Benchmarks;

/// <summary>
/// A median with a distribution-free interval: the order statistics between which the true median lies with a confidence of at least 95 %
/// (a binomial count). With fewer than six values the interval is their range, at a lower confidence.
/// </summary>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
/// <param name="Count">Values.</param>
public sealed record MedianInterval(double Median, double Low, double High, int Count)
{
    public static MedianInterval Compute(IReadOnlyList<double> values)
    {
        var sorted = values.Order().ToList();
        // the largest number of values to drop at each end with 2 P(fewer than that many lie below the median) <= 5 %
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

    /// <summary>Returns the median; of an even number of values the mean of the middle two.</summary>
    public static double Middle(IReadOnlyList<double> values)
    {
        var sorted = values.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }
}

namespace Ablation.Harness.Statistics;

/// <summary>The mean, deviation and interval of one figure over n seeds.</summary>
/// <param name="N">Number of values, at least 1.</param>
/// <param name="Deviation">Sample deviation (n - 1); null for one value.</param>
/// <param name="HalfWidth">Half of the 95 % t interval of the mean: mean +- this; null for one value.</param>
public sealed record Sample(int N, double Mean, double? Deviation, double? HalfWidth)
{
    /// <summary>Two-sided confidence of every interval of this project.</summary>
    public const double Confidence = 0.95;

    /// <exception cref="ArgumentException">There are no values, or one is not finite: the caller omits missing values and reports
    /// them.</exception>
    public static Sample Summarise(IReadOnlyList<double> values)
    {
        if (values.Count == 0) throw new ArgumentException("no values to summarise; print n/a", nameof(values));
        if (values.Any(value => !double.IsFinite(value)))
            throw new ArgumentException("a value is NaN or infinite; a seed that failed has no value", nameof(values));

        // sums differences from the first value, so that equal values have a deviation of exactly 0
        var origin = values[0];
        var n = values.Count;
        var shift = values.Average(value => value - origin);
        if (n == 1) return new Sample(1, origin, null, null);
        var deviation = Math.Sqrt(values.Sum(value => Square(value - origin - shift)) / (n - 1));
        return new Sample(n, origin + shift, deviation, Quantile(n - 1) * deviation / Math.Sqrt(n));
    }

    /// <summary>Returns the t quantile of the two-sided interval.</summary>
    private static double Quantile(int degreesOfFreedom) => StudentTail.Quantile(degreesOfFreedom, (1 + Confidence) / 2);

    private static double Square(double x) => x * x;
}

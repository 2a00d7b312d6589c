namespace Ablation.Harness.Statistics;

/// <summary>
/// What a search of n random configurations would have found: the expected best of n of the N values that one search has seen, without
/// replacement. This is the unbiased estimate of Tang et al. (ACL 2020); drawing with replacement, as Dodge et al. (EMNLP 2019) do, is too
/// low for n near N.
/// </summary>
public static class ExpectedBest
{
    private const int Draws = 2000;

    /// <summary>Returns the expected largest of 1 .. N of the values.</summary>
    /// <param name="values">Larger is better; at least one.</param>
    public static double[] Of(IReadOnlyList<double> values)
    {
        double[] rising = [.. values.Order()];
        var expected = new double[rising.Length];
        for (var n = 1; n <= rising.Length; n++)
        {
            // the i-th smallest is the largest of n drawn in C(i - 1, n - 1) of C(N, n) draws; from the largest down, by ratios
            var (share, sum) = ((double)n / rising.Length, 0.0);
            for (var i = rising.Length; i >= n; i--)
            {
                sum += share * rising[i - 1];
                if (i > 1) share *= (double)(i - n) / (i - 1);
            }

            expected[n - 1] = sum;
        }

        return expected;
    }

    /// <summary>
    /// Returns 95 % intervals of <see cref="Of(IReadOnlyList{double})"/>, percentiles over draws of N configurations with replacement. They
    /// are too narrow where n is more than half of N, since no draw has a value beyond the best one: null there.
    /// </summary>
    /// <param name="below">Returns a random whole number from 0 that is below its argument.</param>
    public static IReadOnlyList<(double Low, double High)?> Intervals(IReadOnlyList<double> values, Func<int, int> below) =>
        Intervals([values], below);

    /// <summary>Returns the mean over several searches of <see cref="Of(IReadOnlyList{double})"/>, each of which has people and so a level
    /// of its own; as far as the shortest goes.</summary>
    public static double[] Of(IReadOnlyList<IReadOnlyList<double>> searches)
    {
        var each = searches.Select(Of).ToList();
        return [.. Enumerable.Range(0, each.Min(one => one.Length)).Select(at => each.Average(one => one[at]))];
    }

    /// <summary>Returns 95 % intervals of that mean, over draws of configurations within each search.</summary>
    /// <inheritdoc cref="Intervals(IReadOnlyList{double}, Func{int, int})"/>
    public static IReadOnlyList<(double Low, double High)?> Intervals(IReadOnlyList<IReadOnlyList<double>> searches, Func<int, int> below)
    {
        var (found, fewest) = (new double[Draws][], searches.Min(values => values.Count));
        for (var draw = 0; draw < Draws; draw++)
            found[draw] = Of([.. searches.Select(values => (IReadOnlyList<double>)[.. values.Select(_ => values[below(values.Count)])])]);
        return [.. Enumerable.Range(0, fewest).Select(at => 2 * (at + 1) > fewest ? null : Bounds(at))];

        (double, double)? Bounds(int at)
        {
            double[] rising = [.. found.Select(one => one[at]).Order()];
            return (Quantile.Compute(rising, Decision.Level / 2), Quantile.Compute(rising, 1 - Decision.Level / 2));
        }
    }
}

namespace Ablation.Harness.Statistics;

/// <summary>
/// Intervals of the means of a column: each borrows scatter from the other losses, as the differences do. Three values alone would give
/// intervals that vary more than the means.
/// </summary>
/// <remarks>s~^2 = (4 V + (n - 1) sd^2) / (n + 3), V the mean variance of the steady losses. Not simulated: read the intervals of the
/// differences for comparisons.</remarks>
public static class MeanInterval
{
    /// <summary>Returns the 95 % interval of each mean over seeds, in the order given; null for fewer than two values, after a collapse,
    /// and where only one degree of freedom is known.</summary>
    /// <param name="losses">All trained losses of the column, the baseline included.</param>
    /// <param name="isShare">Whether values are shares, 0 .. 1, so that no interval may leave that range.</param>
    public static IReadOnlyList<Bounds?> Of(IReadOnlyList<LossSeeds> losses, bool isShare)
    {
        var samples = losses.Select(loss => loss.IsSteady ? Sample.Summarise([.. loss.Values.Values]) : null).ToList();
        var steady = samples.OfType<Sample>().ToList();
        if (steady.Count == 0) return new Bounds?[losses.Count];
        var scatter = new BorrowedScatter(steady.Average(sample => sample.Deviation!.Value * sample.Deviation.Value),
            steady.Sum(sample => sample.N - 1));
        return [.. samples.Select(sample => sample is null ? null : One(sample, scatter, isShare))];
    }

    private static Bounds? One(Sample sample, BorrowedScatter scatter, bool isShare)
    {
        var freedom = scatter.Freedom(sample.N);
        if (freedom < 2) return null;
        var error = Math.Sqrt(scatter.Moderate(sample.Deviation!.Value * sample.Deviation.Value, sample.N) / sample.N);
        var half = StudentTail.Quantile(freedom, 1 - Decision.Level / 2) * error;
        return isShare ? Bounds.OfShare(sample.Mean, half) : Bounds.Around(sample.Mean, half);
    }
}

namespace Ablation.Harness.Statistics;

/// <summary>
/// The scatter of a column as all its losses show it, from which each loss borrows: a deviation of two or three differences is mostly
/// chance.
/// </summary>
/// <param name="Prior">s0^2: the larger of 2 MSE, of the values without the effects of losses and seeds, and the mean variance of the
/// differences, which a baseline that scatters more than the rest raises.</param>
/// <param name="ResidualFreedom">nu, the degrees of freedom of the MSE: the most that any comparison has.</param>
/// <remarks>
/// The moderated variance of G. K. Smyth, "Linear models and empirical Bayes methods for assessing differential expression in microarray
/// experiments", Statistical Applications in Genetics and Molecular Biology 3, 2004. Its estimate of d0 is infinite for most tables of this
/// size, which is plain pooling, also where pooling is wrong (docs/statistics.md); so d0 is a constant here.
/// </remarks>
public sealed record BorrowedScatter(double Prior, int ResidualFreedom)
{
    /// <summary>d0: the borrowed variance counts as much as this many degrees of freedom. Stored results suggest six or more.</summary>
    public const int PriorFreedom = 4;

    /// <summary>
    /// Estimates it from the steady losses and the seeds that all of them have. While these are fewer than two, the loss with the fewest
    /// seeds is left out.
    /// </summary>
    /// <returns>Null if the baseline and no other loss have two seeds in common.</returns>
    public static BorrowedScatter? Of(LossSeeds baseline, IReadOnlyList<LossSeeds> losses)
    {
        if (!baseline.IsSteady) return null;
        var pool = losses.Where(loss => loss.IsSteady)
            .Select(loss => (loss.Values, Difference: SeedDifference.Of(loss.Values, baseline.Values)))
            .Where(loss => loss.Difference.N >= 2).ToList();
        if (pool.Count == 0) return null;
        while (Complete().Count < 2) pool.Remove(pool.MinBy(loss => loss.Difference.N));
        var seeds = Complete();
        double[][] rows = [.. pool.Select(loss => loss.Values).Prepend(baseline.Values).Select(row => seeds.ConvertAll(seed => row[seed])
            .ToArray())];
        var freedom = (seeds.Count - 1) * (rows.Length - 1);
        return new BorrowedScatter(
            Math.Max(2 * ResidualSquares(rows) / freedom, pool.Average(loss => loss.Difference.Variance!.Value)), freedom);

        List<int> Complete() =>
            [.. pool.Skip(1).Aggregate(pool[0].Difference.Seeds, (common, loss) => [.. common.Intersect(loss.Difference.Seeds)])];
    }

    /// <summary>Moderates the variance of n differences.</summary>
    public double Moderate(double own, int n) => Squeeze(PriorFreedom, Prior, n - 1, own);

    /// <summary>The degrees of freedom of a moderated variance of n differences.</summary>
    public int Freedom(int n) => Math.Min(PriorFreedom + n - 1, ResidualFreedom);

    /// <summary>Returns the mean of two variances, weighted by their degrees of freedom.</summary>
    internal static double Squeeze(double priorFreedom, double prior, double ownFreedom, double own) =>
        (priorFreedom * prior + ownFreedom * own) / (priorFreedom + ownFreedom);

    /// <summary>Sums the squares of what the means of rows and columns leave.</summary>
    private static double ResidualSquares(double[][] rows)
    {
        double[] columns = [.. rows[0].Select((_, seed) => rows.Average(row => row[seed]))];
        var all = columns.Average();
        return rows.Sum(row => row.Average() is var mean
            ? row.Select((value, seed) => value - mean - columns[seed] + all).Sum(residual => residual * residual) : 0);
    }
}

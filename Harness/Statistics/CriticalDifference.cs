namespace Ablation.Harness.Statistics;

/// <summary>
/// Nemenyi's test after Friedman's: two losses differ if their mean ranks differ by at least <paramref name="Distance"/>. Drawn as a
/// critical-difference diagram.
/// </summary>
/// <param name="Distance">q / sqrt(2) sqrt(k (k + 1) / (6 N)), q the studentised range's 0.05 quantile for k losses.</param>
/// <param name="Order">Indices of the losses, best mean rank first; losses with equal mean ranks in the order given.</param>
/// <param name="Groups">Losses that are not distinguishable: first and last place in <paramref name="Order"/>, at least two losses, no
/// group within another.</param>
/// <remarks>P. B. Nemenyi, PhD thesis, Princeton 1963; Demsar, JMLR 7, 2006, section 3.2.2 and figure 1. The difference is corrected for
/// all pairs of losses. The remark of <see cref="Friedman"/> on blocks applies here too.</remarks>
public sealed record CriticalDifference(double Distance, IReadOnlyList<int> Order, IReadOnlyList<(int First, int Last)> Groups)
{
    /// <param name="ranks">Mean ranks over complete blocks.</param>
    public static CriticalDifference Compute(Friedman ranks)
    {
        var k = ranks.MeanRanks.Count;
        var distance = StudentizedRange.UpperQuantile(k, Decision.Level) / Math.Sqrt(2) * Math.Sqrt(k * (k + 1) / (6.0 * ranks.Blocks));
        int[] order = [.. Enumerable.Range(0, k).OrderBy(loss => ranks.MeanRanks[loss])];
        var groups = new List<(int First, int Last)>();
        for (var first = 0; first < k; first++)
        {
            var last = first;
            while (last + 1 < k && ranks.MeanRanks[order[last + 1]] - ranks.MeanRanks[order[first]] < distance) last++;
            if (last > first && (groups.Count == 0 || groups[^1].Last < last)) groups.Add((first, last));
        }

        return new CriticalDifference(distance, order, groups);
    }
}

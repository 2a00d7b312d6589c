namespace Ablation.Harness.Statistics;

/// <summary>
/// Compares each loss with itself, as it was before something was changed: a paired t test over the common seeds, whose variance is partly
/// borrowed from the differences of the other losses, corrected by Sidak's value.
/// </summary>
/// <remarks>
/// The variance is moderated as in <see cref="ModeratedT"/>. Here every loss has a baseline of its own, so that the deviations of the
/// differences are estimates of one kind and their mean is the prior; and the differences do not correlate by 1/2, so that Dunnett's value
/// is not theirs. Sidak's holds for any correlation. With one loss it is exactly the paired t test.
/// </remarks>
public static class ModeratedPairs
{
    /// <summary>Compares every loss, in the order given; differences are after less before.</summary>
    /// <param name="losses">Values of the same loss by seed, before and after.</param>
    /// <param name="column">What else is known of the column; its baseline and losses are not read.</param>
    /// <exception cref="ArgumentException">A value is NaN or infinite.</exception>
    public static IReadOnlyList<LossComparison> Compare(IReadOnlyList<(LossSeeds Before, LossSeeds After)> losses, ComparedColumn column)
    {
        var differences = losses.Select(loss => SeedDifference.Of(loss.After.Values, loss.Before.Values)).ToList();
        // a loss whose values are the same in every seed is not tested, and shows no scatter
        var meant = losses.Zip(differences, (loss, difference) => (Loss: loss, Difference: difference)).Where(one =>
            one.Difference.N + one.Loss.Before.Collapsed + one.Loss.After.Collapsed >= 2 && one.Difference.Variance != 0).ToList();
        var steady = meant.Where(one => one.Loss.Before.Collapsed + one.Loss.After.Collapsed == 0).Select(one => one.Difference).ToList();
        var scatter = steady.Count == 0 ? null
            : new BorrowedScatter(steady.Average(one => one.Variance!.Value), steady.Sum(one => one.N - 1));
        var family = new ComparedFamily(Math.Max(1, meant.Count), column.PrimaryColumns, IsSidak: meant.Count > 1);
        return [.. losses.Zip(differences, (loss, difference) => ModeratedT.Compare(column with { Baseline = loss.Before, Losses = [] },
            difference, loss.After, difference.Variance == 0 ? new BorrowedScatter(0, difference.N - 1) : scatter, family))];
    }
}

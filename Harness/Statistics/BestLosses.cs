namespace Ablation.Harness.Statistics;

/// <summary>
/// Finds the losses that may be the best of a column: those that no other beats when each in turn is the baseline. All of them are marked,
/// so no pair is picked after looking at the order.
/// </summary>
/// <remarks>Multiple comparisons with the best: J. C. Hsu, "Multiple Comparisons: Theory and Methods", 1996, section 4.1.2, with the
/// standard errors of <see cref="ModeratedT"/> and Dunnett's one-sided value.</remarks>
public static class BestLosses
{
    /// <summary>Returns whether each loss may be the best, in the order given; all false if nothing is shown: every loss may be, or the
    /// losses do not all have the same three seeds or more.</summary>
    /// <param name="losses">All trained losses of the column. One that collapsed is not among the best.</param>
    public static IReadOnlyList<bool> Of(IReadOnlyList<LossSeeds> losses, bool higherIsBetter)
    {
        var nobody = new bool[losses.Count];
        var steady = Enumerable.Range(0, losses.Count).Where(i => losses[i].IsSteady).ToList();
        if (steady.Count < 2) return nobody;
        var seeds = losses[steady[0]].Values.Keys.Order().ToList();
        if (seeds.Count < Decision.FewestSeeds || steady.Any(i => !losses[i].Values.Keys.Order().SequenceEqual(seeds))) return nobody;
        var best = steady.Where(i => !IsBeaten(losses[i], [.. steady.Where(j => j != i).Select(j => losses[j])], higherIsBetter)).ToList();
        if (best.Count == steady.Count) return nobody;
        return [.. losses.Select((_, i) => best.Contains(i))];
    }

    private static bool IsBeaten(LossSeeds loss, IReadOnlyList<LossSeeds> others, bool higherIsBetter)
    {
        var scatter = BorrowedScatter.Of(loss, others)!;
        return others.Select(other => SeedDifference.Of(other.Values, loss.Values)).Any(difference =>
        {
            var ahead = higherIsBetter ? difference.Mean!.Value : -difference.Mean!.Value;
            var error = Math.Sqrt(scatter.Moderate(difference.Variance!.Value, difference.N) / difference.N);
            return ahead > difference.Rounding
                && ahead > Dunnett.CriticalOneSided(others.Count, scatter.Freedom(difference.N), Decision.Level) * error;
        });
    }
}

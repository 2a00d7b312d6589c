namespace Ablation.Harness.Statistics;

/// <summary>
/// Compares the losses of a column with the baseline: a paired t test over seeds whose variance is partly borrowed from the other losses,
/// corrected by Dunnett's distribution. Everything that is printed of a comparison comes from here.
/// </summary>
/// <remarks>docs/statistics.md has the formulas and a simulation of this code. With one loss it is exactly the paired t test.</remarks>
public static class ModeratedT
{
    /// <summary>Compares every loss, in the order given.</summary>
    /// <exception cref="ArgumentException">A value is NaN or infinite.</exception>
    public static IReadOnlyList<LossComparison> Compare(ComparedColumn column)
    {
        var differences = column.Losses.Select(loss => SeedDifference.Of(loss.Values, column.Baseline.Values)).ToList();
        var scatter = BorrowedScatter.Of(column.Baseline, column.Losses);
        // a loss that collapsed is not tested, but it was to be: it counts
        var meant = differences.Zip(column.Losses).Where(one => one.First.N + one.Second.Collapsed >= 2).ToList();
        var tested = meant.Where(one => one.Second.Collapsed == 0).Select(one => one.First.Seeds).ToList();
        var family = new ComparedFamily(Math.Max(1, meant.Count), column.PrimaryColumns,
            tested.Any(seeds => !seeds.SequenceEqual(tested[0])));
        return [.. differences.Zip(column.Losses, (difference, loss) => Compare(column, difference, loss, scatter, family))];
    }

    /// <summary>Compares one loss with the column's baseline.</summary>
    /// <param name="scatter">Null only where no loss and the baseline have two seeds in common.</param>
    internal static LossComparison Compare(ComparedColumn column, SeedDifference difference, LossSeeds loss, BorrowedScatter? scatter,
        ComparedFamily family)
    {
        var bare = new LossComparison(difference.N, Verdict.NoCommonSeed)
        {
            HigherIsBetter = column.HigherIsBetter,
            Difference = difference.Mean,
            Signs = difference.Signs,
            Margin = column.Margin,
            Collapsed = loss.Collapsed,
            BaselineCollapsed = column.Baseline.Collapsed,
            Family = column.IsPrimary ? family : null,
        };
        if (loss.Collapsed + column.Baseline.Collapsed > 0) return bare with { Verdict = Verdict.Collapsed };
        if (difference.N == 0) return bare;
        if (difference.N == 1) return bare with { Verdict = Verdict.OneSeed };
        var variance = scatter!.Moderate(difference.Variance!.Value, difference.N);
        if (variance <= difference.Rounding * difference.Rounding) return bare with { Verdict = Verdict.NoVariation };
        return Judge(bare with
        {
            OwnDeviation = Math.Sqrt(difference.Variance.Value),
            Deviation = Math.Sqrt(variance),
            DegreesOfFreedom = scatter.Freedom(difference.N),
        }, column);
    }

    /// <summary>Adds intervals and the verdict to a comparison with a standard error.</summary>
    private static LossComparison Judge(LossComparison one, ComparedColumn column)
    {
        var (difference, error, freedom) = (one.Difference!.Value, one.StandardError!.Value, one.DegreesOfFreedom!.Value);
        // t of one degree of freedom is 12.7: such an interval says nothing
        if (freedom < 2) return one with { Verdict = column.IsPrimary ? Verdict.Provisional : Verdict.Described };
        var alone = Around(StudentTail.TwoSided(freedom, Decision.Level) * error);
        if (!column.IsPrimary) return one with { Alone = alone, Verdict = Verdict.Described };
        var simultaneous = Around(one.Family!.Critical(freedom) * error);
        var found = one with { Alone = alone, Simultaneous = simultaneous, Verdict = Verdict.Provisional };
        if (one.N < Decision.FewestSeeds) return found;
        var reach = StudentTail.TwoSided(freedom, 2 * Decision.Level) * error;
        var isSmall = column.Margin is { } margin && Bounds.Around(difference, reach).IsWithin(margin);
        return found with
        {
            IsMarginInReach = column.Margin is { } declared ? reach < declared : null,
            Verdict = (simultaneous.Excludes(0), difference > 0 == column.HigherIsBetter, isSmall) switch
            {
                (true, true, false) => Verdict.Better,
                (true, true, true) => Verdict.BetterByLess,
                (true, false, false) => Verdict.Worse,
                (true, false, true) => Verdict.WorseByLess,
                (false, _, true) => Verdict.EqualWithin,
                (false, _, false) => Verdict.Open,
            },
        };

        Bounds Around(double half) =>
            column.IsShare ? Bounds.OfShareDifference(difference, half) : Bounds.Around(difference, half);
    }
}

using Ablation.Experiments.Reports.Tables;
using Ablation.Harness.Statistics;

namespace Ablation.Experiments.Reports.Pages;

/// <summary>What the measured trials say of a loss against a baseline. Higher is better.</summary>
/// <param name="Interval">95 %, of all comparisons of the family together; null where no verdict may rest on it: too few seeds, or a
/// training that collapsed.</param>
/// <param name="Words">The rest of a sentence on the loss: "is worse than ArcFace by ...".</param>
/// <param name="Short">For a cell: "-3.10 (-4.80 to -1.40)".</param>
/// <param name="SeedsNeeded">Seeds that would find a difference of this size; null if unknown or found.</param>
internal sealed record MeasuredDifference(string Loss, Bounds? Interval, string Words, string Short, int? SeedsNeeded)
{
    private static readonly ValueFormat Format = ValueFormat.Percent;

    /// <summary>Whether the whole interval lies above 0.</summary>
    public bool IsBetter => Interval is { } bounds && bounds.Low > 0;

    /// <summary>Whether the whole interval lies below 0.</summary>
    public bool IsWorse => Interval is { } bounds && bounds.High < 0;

    /// <summary>Of one suite.</summary>
    public static MeasuredDifference Of(string loss, string baseline, LossComparison one)
    {
        var isJudged = one.Verdict is Verdict.Open || one.IsDecided;
        return new(loss, isJudged ? one.Simultaneous : null, ComparisonWords.Finding(one, baseline, Format),
            (one.Simultaneous ?? one.Alone) is { } interval ? Cell(one.Difference!.Value, interval)
                : one.Verdict == Verdict.Collapsed ? ComparisonWords.Word(one, Format) : Format.Signed(one.Difference),
            one.Verdict == Verdict.Open ? one.SeedsNeeded?.Number : null);
    }

    /// <summary>Of several studies.</summary>
    /// <param name="losses">Losses that are compared together.</param>
    /// <param name="collapsed">Seeds of either that collapsed in any study.</param>
    /// <param name="mean">Null if they have fewer than two seeds in common.</param>
    public static MeasuredDifference Of(string loss, string baseline, int studies, int losses, int collapsed, StudyMean? mean)
    {
        if (collapsed > 0)
            return new(loss, null, $"cannot be compared with {baseline}: {ComparisonWords.Seeds(collapsed)} of the two collapsed, and no " +
                "interval is right for that", "n/a (collapsed)", null);
        if (mean is null || mean.Seeds < Decision.FewestSeeds)
            return new(loss, null, $"has fewer than {Decision.FewestSeeds} seeds in common with {baseline} in all {studies} studies", "n/a",
                null);
        var relation = mean.Interval.Low > 0 ? "is better than" : mean.Interval.High < 0 ? "is worse than" : "cannot be told from";
        var family = losses > 1 ? $", Sidak over {losses} losses" : "";
        return new(loss, mean.Interval, $"{relation} {baseline}: {Format.Signed(mean.Mean)} points (95 % interval " +
            $"{ComparisonWords.Ends(mean.Interval, Format)} over {studies} studies and {ComparisonWords.Seeds(mean.Seeds)}{family})",
            Cell(mean.Mean, mean.Interval), null);
    }

    private static string Cell(double difference, Bounds interval) =>
        $"{Format.Signed(difference)} ({ComparisonWords.Ends(interval, Format)})";
}

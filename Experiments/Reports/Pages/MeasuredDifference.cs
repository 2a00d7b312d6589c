using Ablation.Experiments.Reports.Tables;
using Ablation.Harness.Statistics;

namespace Ablation.Experiments.Reports.Pages;

/// <summary>What the measured trials say of a loss against a baseline.</summary>
internal enum Finding
{
    /// <summary>Too few seeds, or a training that collapsed.</summary>
    None,
    Better,
    Worse,

    /// <summary>Within the practical margin.</summary>
    Equal,
    Open,
}

/// <summary>A loss against a baseline in measured trials. Higher is better.</summary>
/// <param name="Words">The rest of a sentence on the loss: "is worse than ArcFace by ...".</param>
/// <param name="Short">For a cell: "-3.10 (-4.80 to -1.40)".</param>
/// <param name="SeedsNeeded">Seeds that would find a difference of this size; null if unknown or found.</param>
internal sealed record MeasuredDifference(string Loss, Finding Finding, string Words, string Short, int? SeedsNeeded)
{
    private static readonly ValueFormat Format = ValueFormat.Percent;

    /// <summary>Of one suite.</summary>
    public static MeasuredDifference Of(string loss, string baseline, LossComparison one) => new(loss, one.Verdict switch
    {
        Verdict.Better or Verdict.BetterByLess => Finding.Better,
        Verdict.Worse or Verdict.WorseByLess => Finding.Worse,
        Verdict.EqualWithin => Finding.Equal,
        Verdict.Open => Finding.Open,
        _ => Finding.None,
    }, ComparisonWords.Finding(one, baseline, Format), (one.Simultaneous ?? one.Alone) is { } interval
        ? $"{Format.Signed(one.Difference)} ({ComparisonWords.Ends(interval, Format)})" : Format.Signed(one.Difference),
        one.Verdict == Verdict.Open ? one.SeedsNeeded?.Number : null);

    /// <summary>Of several studies.</summary>
    /// <param name="mean">Null if they have fewer than two seeds in common.</param>
    public static MeasuredDifference Of(string loss, string baseline, int studies, int losses, double? margin, StudyMean? mean)
    {
        if (mean is null)
            return new(loss, Finding.None, $"has fewer than two seeds in common with {baseline} in all {studies} studies", "n/a", null);
        var finding = (mean.Interval.Excludes(0), mean.Mean > 0) switch
        {
            (true, true) => Finding.Better,
            (true, false) => Finding.Worse,
            _ => margin is { } small && mean.Interval.IsWithin(small) ? Finding.Equal : Finding.Open,
        };
        var relation = finding switch
        {
            Finding.Better => "is better than",
            Finding.Worse => "is worse than",
            Finding.Equal => $"equals within {Format.Exact(margin)} points",
            _ => "cannot be told from",
        };
        var interval = ComparisonWords.Ends(mean.Interval, Format);
        var family = losses > 1 ? $", Sidak over {losses} losses" : "";
        var sure = $"95 % interval {interval} over {studies} studies and {ComparisonWords.Seeds(mean.Seeds)}{family}";
        return new(loss, finding, $"{relation} {baseline}: {Format.Signed(mean.Mean)} points ({sure})",
            $"{Format.Signed(mean.Mean)} ({interval})", null);
    }
}

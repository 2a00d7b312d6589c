using Ablation.Harness.Statistics;

namespace Ablation.Experiments.Reports.Tables;

/// <summary>The words of a comparison: the mark of a cell, its line, and sentences, all from one <see cref="LossComparison"/>.</summary>
public static class ComparisonWords
{
    /// <summary>The verdict in a word or two: "better", "worse by less than 0.5", "open", "n/a (two seeds)"; empty for a column that is
    /// only described.</summary>
    public static string Word(LossComparison comparison, ValueFormat format) => comparison.Verdict switch
    {
        Verdict.NoCommonSeed => "n/a (no common seed)",
        Verdict.OneSeed => "one seed",
        Verdict.Provisional => "n/a (two seeds)",
        Verdict.Collapsed => "n/a (collapsed)",
        Verdict.NoVariation => "n/a (no variation)",
        Verdict.Described => "",
        Verdict.Open => "open",
        Verdict.EqualWithin => $"equal within {format.Exact(comparison.Margin)}",
        Verdict.Better => "better",
        Verdict.BetterByLess => $"better by less than {format.Exact(comparison.Margin)}",
        Verdict.Worse => "worse",
        Verdict.WorseByLess => $"worse by less than {format.Exact(comparison.Margin)}",
        _ => throw new ArgumentOutOfRangeException(nameof(comparison), comparison.Verdict, "no words for this verdict"),
    };

    /// <summary>The mark of news, for the eye: "▲" better, "▼" worse, "=" equal within the margin; empty for all else.</summary>
    public static string Mark(LossComparison comparison) => comparison switch
    {
        { IsDecided: true, IsBetter: true } => "▲",
        { IsDecided: true } => "▼",
        { Verdict: Verdict.EqualWithin } => "=",
        _ => "",
    };

    /// <summary>The line below a mean: "-11.61 ± 3.22 worse", "open: -1.8 (-4.9 to +1.2)", "-9.7, one seed".</summary>
    public static string Line(LossComparison comparison, ValueFormat format)
    {
        var word = Word(comparison, format);
        if (comparison.Difference is not { } difference) return word;
        var signed = format.Signed(difference);
        return comparison.Verdict switch
        {
            Verdict.OneSeed => $"{signed}, {word}",
            Verdict.Open => $"{word}: {signed} ({Ends(comparison.Simultaneous!.Value, format)})",
            _ => $"{signed}{PlusMinus(comparison, format)} {word}".TrimEnd(),
        };
    }

    /// <summary>"-4.9 to +1.2".</summary>
    public static string Ends(Bounds interval, ValueFormat format) => $"{format.Signed(interval.Low)} to {format.Signed(interval.High)}";

    /// <summary>"p &lt; 0.001", "p = 0.012".</summary>
    public static string Probability(double p) => p < 0.001 ? "p < 0.001" : $"p = {p:F3}";

    /// <summary>"3 seeds".</summary>
    public static string Seeds(int n) => $"{n} {(n == 1 ? "seed" : "seeds")}";

    /// <summary>What the numbers say, as the rest of a sentence on the loss: "is worse than ArcFace by 11.6 points (simultaneous 95 %
    /// interval -14.8 to -8.4, p &lt; 0.001, Dunnett over 7 losses, 3 seeds; scatter partly borrowed from the other losses)".</summary>
    /// <param name="baseline">Its name in the table.</param>
    public static string Finding(LossComparison comparison, string baseline, ValueFormat format)
    {
        if (comparison.Difference is not { } difference)
        {
            return comparison.Collapsed + comparison.BaselineCollapsed > 0 ? $"cannot be compared with {baseline}: {Collapse(comparison)}"
                : $"has no seed in common with {baseline}, so their difference is n/a";
        }

        var size = $"{format.Text(Math.Abs(difference))}{format.OfDifference}";
        var isEqual = difference == 0 || (comparison.Verdict == Verdict.NoVariation && format.Text(Math.Abs(difference)) == format.Text(0));
        var lies = isEqual ? $"equals {baseline}" : $"lies {size} {(difference < 0 ? "below" : "above")} {baseline}";
        return comparison.Verdict switch
        {
            Verdict.OneSeed => $"{lies} with one seed{Within(comparison, format)}; whether the losses differ cannot be said",
            Verdict.Collapsed => $"{lies} in the other seeds; {Collapse(comparison)}, and no interval over seeds is right for that",
            Verdict.NoVariation => $"{lies} in every seed: nothing varies, so nothing can be tested",
            Verdict.Described => $"{lies} ({Interval(comparison, format)})",
            Verdict.Provisional => $"{lies} ({Interval(comparison, format)}); a verdict needs three seeds",
            Verdict.Open => $"cannot be told from {baseline}: {format.Signed(difference)}{format.OfDifference} " +
                $"({Sure(comparison, format)})",
            Verdict.EqualWithin => $"equals {baseline} within {format.Exact(comparison.Margin)}{format.OfDifference}: " +
                $"{format.Signed(difference)} ({Sure(comparison, format)})",
            _ => $"is {(comparison.IsBetter ? "better" : "worse")} than {baseline} by {size}" +
                (comparison.Verdict is Verdict.BetterByLess or Verdict.WorseByLess
                    ? $", by less than the {format.Exact(comparison.Margin)}{format.OfDifference} that matter" : "") +
                $" ({Sure(comparison, format)})",
        };
    }

    /// <summary>"Npt collapsed in 1 of 5 seeds", without its name.</summary>
    public static string Collapse(LossComparison comparison) =>
        comparison.Collapsed > 0 ? $"it collapsed in {Seeds(comparison.Collapsed)}"
        : $"the baseline collapsed in {Seeds(comparison.BaselineCollapsed)}";

    /// <summary>" ± 3.22", or " (-4.9 to +1.2)" if the two sides differ; empty without an interval.</summary>
    private static string PlusMinus(LossComparison comparison, ValueFormat format)
    {
        if ((comparison.Simultaneous ?? comparison.Alone) is not { } interval || comparison.Difference is not { } difference) return "";
        var isEven = format.Text(interval.High - difference) == format.Text(difference - interval.Low);
        return isEven ? $" ± {format.Text(comparison.HalfWidth)}" : $" ({Ends(interval, format)})";
    }

    private static string Sure(LossComparison comparison, ValueFormat format)
    {
        var borrowed = comparison is { N: < 5, Family.Losses: > 1 } ? "; scatter partly borrowed from the other losses" : "";
        return $"{Interval(comparison, format)}, {Probability(comparison.AdjustedP!.Value)}, {Family(comparison.Family!)}, " +
            $"{Seeds(comparison.N)}{borrowed}";
    }

    private static string Interval(LossComparison comparison, ValueFormat format) => comparison switch
    {
        { Simultaneous: { } all, Family.Losses: > 1 } => $"simultaneous 95 % interval {Ends(all, format)}",
        { Alone: { } alone } => $"95 % interval {Ends(comparison.Simultaneous ?? alone, format)}",
        _ => $"{Seeds(comparison.N)}, no interval",
    };

    private static string Family(ComparedFamily family) =>
        (family.Losses == 1 ? family.Method : $"{family.Method} over {family.Losses} losses")
        + (family.Columns > 1 ? $" and {family.Columns} columns" : "");

    private static string Within(LossComparison comparison, ValueFormat format) => comparison.OneSeed switch
    {
        { Low: { } low, High: { } high } => $" (identity bootstrap of these two networks, 95 % {Ends(new Bounds(low, high), format)})",
        { } test => $" ({test.Test} of these two networks: {Probability(test.P)})",
        null => "",
    };
}

using Ablation.Harness.Statistics;

namespace Ablation.Experiments.Reports.Tables;

/// <summary>The words of a comparison: the mark of a cell, its line, and a sentence, all from one <see cref="LossComparison"/>.</summary>
public static class ComparisonWords
{
    /// <summary>The verdict in a word or two: "better", "worse by less than 0.50", "open", "n/a (two seeds)"; empty for a column that is
    /// only described.</summary>
    public static string Word(LossComparison comparison, ValueFormat format) => comparison.Verdict switch
    {
        Verdict.NoCommonSeed => "n/a (no common seed)",
        Verdict.OneSeed => "one seed",
        Verdict.Provisional => "n/a (two seeds)",
        Verdict.Collapsed => "collapsed",
        Verdict.NoVariation => "n/a (no variation)",
        Verdict.Described => "",
        Verdict.Open => "open",
        Verdict.EqualWithin => $"equal within {format.Text(comparison.Margin)}",
        Verdict.Better => "better",
        Verdict.BetterByLess => $"better by less than {format.Text(comparison.Margin)}",
        Verdict.Worse => "worse",
        Verdict.WorseByLess => $"worse by less than {format.Text(comparison.Margin)}",
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

    /// <summary>The line below a mean: "-11.61 ± 3.22 worse", "-1.8 (-4.9 to +1.2) open", "-9.7, one seed".</summary>
    public static string Line(LossComparison comparison, ValueFormat format)
    {
        var word = Word(comparison, format);
        if (comparison.Difference is not { } difference) return word;
        if (comparison.Verdict == Verdict.OneSeed) return $"{format.Signed(difference)}, {word}";
        return $"{format.Signed(difference)}{Interval(comparison, format)} {word}".TrimEnd();
    }

    /// <summary>" ± 3.22", or " (-4.9 to +1.2)" if the two sides differ; empty without an interval.</summary>
    private static string Interval(LossComparison comparison, ValueFormat format)
    {
        if ((comparison.Simultaneous ?? comparison.Alone) is not { } interval || comparison.Difference is not { } difference) return "";
        var isEven = format.Text(interval.High - difference) == format.Text(difference - interval.Low);
        return isEven ? $" ± {format.Text(comparison.HalfWidth)}"
            : $" ({format.Signed(interval.Low)} to {format.Signed(interval.High)})";
    }
}

using Ablation.Experiments.Reports.Plots;
using Ablation.Experiments.Reports.Tables;

namespace Ablation.Experiments.Reports.Panels;

/// <summary>An interval on the axis of a forest, in percent of its width, cut at the axis.</summary>
public sealed record ForestInterval(double From, double To, bool IsCutLow, bool IsCutHigh);

/// <summary>One loss against the baseline in one column.</summary>
/// <param name="Words">All its numbers, for a screen reader and for hovering.</param>
/// <param name="Mean">In percent of the axis; null without a common seed.</param>
/// <param name="Alone">The 95 % interval of this difference alone: the thick bar.</param>
/// <param name="Together">That of all comparisons together: the thin bar, on which the verdict rests.</param>
/// <param name="IsFilled">Whether the verdict is better or worse.</param>
public sealed record ForestBar(string Words, double? Mean, ForestInterval? Alone, ForestInterval? Together, bool IsFilled);

/// <summary>The axis of a forest; places in percent of its width.</summary>
public sealed record ForestAxis(IReadOnlyList<AxisTick> Ticks, double Zero);

/// <summary>A column: a figure, with the differences from the baseline where verdicts rest on it.</summary>
/// <param name="Group">The test; neighbours of one group share a heading.</param>
/// <param name="Detail">The estimator.</param>
/// <param name="Axis">Null for a column that is only described.</param>
public sealed record ResultHead(string Group, string Text, string Detail, ForestAxis? Axis)
{
    /// <summary>Whether the figures are from outside this project.</summary>
    public bool IsQuoted { get; init; }

    public bool HigherIsBetter { get; init; } = true;
}

/// <summary>A cell on one line.</summary>
/// <param name="Spread">"± 2.6", or a range where that would leave 0 to 100 %; empty without.</param>
/// <param name="Exact">Unrounded, with deviation and seeds, for hovering.</param>
public sealed record ResultValue(string Text, string Spread, string Exact)
{
    /// <summary>"▲", "▼" or "=": only where there is news.</summary>
    public string Mark { get; init; } = "";

    public bool IsBetter { get; init; }

    /// <summary>Whether no other loss is better.</summary>
    public bool IsBest { get; init; }

    /// <summary>"−4.9", or "baseline"; of a column with a forest.</summary>
    public string Difference { get; init; } = "";

    public ForestBar? Bar { get; init; }

    /// <summary>What is unlike the other cells: "n = 2", "1 collapsed".</summary>
    public string Remark { get; init; } = "";

    /// <summary>For sorting; null if missing.</summary>
    public double? Value { get; init; }
}

/// <param name="Loss">The label that gives the style.</param>
/// <param name="Name">As the table names it.</param>
/// <param name="Trials">All trials behind the row's numbers.</param>
public sealed record ResultLine(string Loss, string Name, IReadOnlyList<ResultValue> Values, IReadOnlyList<TrialLink> Trials)
{
    public bool IsSubject { get; init; }

    public bool IsBaseline { get; init; }
}

/// <summary>A table of results on the page: one line per loss, one line per cell, marks for news only.</summary>
/// <param name="Name">What it shows, for a screen reader.</param>
/// <param name="Baseline">Name of the row that the others are compared with.</param>
/// <param name="Note">What is said once for all cells: n, order, empty columns.</param>
public sealed record ResultBlock(string Name, string Baseline, IReadOnlyList<ResultHead> Heads, IReadOnlyList<ResultLine> Lines,
    string Note)
    : Block
{
    /// <summary>Whether it has forests: the answer's own table.</summary>
    public bool IsMain => Heads.Any(head => head.Axis is not null);

    /// <summary>"Dunnett over 7 losses": the correction behind the thin bars; empty without forests.</summary>
    public string Correction { get; init; } = "";
}

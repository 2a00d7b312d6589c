using Ablation.Experiments.Reports.Panels;
using Ablation.Experiments.Reports.Plots;
using Ablation.Experiments.Reports.Tables;

namespace Ablation.Experiments.Reports.Comparing;

/// <summary>The tables of a comparison: losses with their figures of both sides, and what lies between them.</summary>
internal static class ChangeTables
{
    /// <summary>Returns the headline of a test as the page draws it: A, then B with the forest of B less A.</summary>
    public static ResultBlock Drawn(SideBySide both, ComparedTest test)
    {
        var figure = test.Headline!;
        ResultColumn Side(ComparedSide side, bool isJudged) =>
            figure.Column with { Test = side.Name, IsPrimary = isJudged }; // each side's name stands above its column
        var table = new ResultTable($"{test.Place}: {both.B.Name} against {both.A.Name}", [Side(both.A, false), Side(both.B, true)],
            [.. figure.Cells.Select(cell => new ResultRow(cell.Loss,
                // no table of trials is on this page, so that links to it would lead nowhere
                [cell.A with { Trials = [] }, cell.B with { Comparison = cell.Comparison, Trials = [] }]))])
        {
            Title = test.Test,
            Baseline = both.A.Name,
            Place = test.Place,
        };
        return new ResultBlocks(new Emphasis(null, "")).Beside(table.Caption, table);
    }

    /// <summary>Returns the headline of a test with everything that its verdicts rest on.</summary>
    public static TextTable Judged(SideBySide both, ComparedTest test)
    {
        var figure = test.Headline!;
        var format = figure.Column.Format;
        var family = figure.Cells.Select(cell => cell.Comparison.Family).FirstOrDefault(one => one is not null);
        var method = family is null ? "" : $" {family.Method}{(family.Losses > 1 ? $" over {family.Losses} losses" : "")}.";
        return new TextTable($"{test.Place}: {figure.Column.Name} ({figure.Column.Estimator}) of {both.B.Name} less {both.A.Name}, " +
            $"paired by seed.{method}",
            [
                new("loss"), new(format.Label(both.A.Name), "mean, n", true), new(format.Label(both.B.Name), "mean, n", true),
                new("difference", "points; seeds won and lost", true), new("interval", "simultaneous 95 %", true),
                new("alone", "95 % of this one", true), new("p", "adjusted", true), new("deviation", "own; borrowed, f", true),
                new("verdict"),
            ],
            [.. figure.Cells.Select(cell => Row(cell, format))])
        { Losses = [.. figure.Cells.Select(cell => cell.Loss)] };
    }

    /// <summary>Returns every figure of a test as its difference, with the interval of that one difference.</summary>
    public static TextTable Measures(SideBySide both, ComparedTest test) => new(
        $"{test.Place}: {both.B.Name} less {both.A.Name} in points, below it both means and the 95 % interval of this one difference.",
        [new("loss"), .. test.Figures.Select(figure => new TextHeader(figure.Column.Name, figure.Column.Estimator, true))],
        [.. both.Losses.Select((loss, row) => (IReadOnlyList<TextCell>)
        [
            new TextCell(loss), .. test.Figures.Select(figure => Measure(figure.Cells[row], figure.Column.Format)),
        ])])
    { Losses = both.Losses };

    /// <summary>Returns settings of both sides.</summary>
    public static TextTable Settings(SideBySide both, string caption, IReadOnlyList<ChangedSetting> settings) =>
        TextTable.Plain(caption, ["setting", both.A.Name, both.B.Name],
            settings.Select(setting => (IReadOnlyList<string>)[setting.Path, setting.A, setting.B]));

    /// <summary>"the same trials"; else the verdict in a word or two.</summary>
    public static string Word(ComparedCell cell, ValueFormat format) =>
        cell.IsSameTrials ? "the same trials" : ComparisonWords.Word(cell.Comparison, format);

    private static IReadOnlyList<TextCell> Row(ComparedCell cell, ValueFormat format)
    {
        var one = cell.Comparison;
        return
        [
            new(cell.Loss), Mean(cell.A, format), Mean(cell.B, format),
            new(format.Signed(one.Difference), Details: [one.Signs is { } signs
                ? $"{ComparisonWords.Seeds(one.N)}: {signs.Text(one.HigherIsBetter)}" : ComparisonWords.Seeds(one.N)])
            { Value = one.Difference },
            new(one.Simultaneous is { } all ? ComparisonWords.Ends(all, format) : ValueFormat.Missing),
            new(one.Alone is { } alone ? ComparisonWords.Ends(alone, format) : ValueFormat.Missing),
            new(PowerTable.P(one.AdjustedP)) { Value = one.AdjustedP },
            new(format.Text(one.OwnDeviation), Details: one.Deviation is { } deviation
                ? [$"{format.Text(deviation)}, f = {one.DegreesOfFreedom}"] : null),
            new(Word(cell, format)),
        ];
    }

    private static TextCell Mean(ResultCell cell, ValueFormat format) => new(format.Text(cell.Known),
        Details: [$"n = {cell.N}" + (cell.Collapsed > 0 ? $", {cell.Collapsed} collapsed" : "")])
    { Value = cell.Known };

    private static TextCell Measure(ComparedCell cell, ValueFormat format) => new(format.Signed(cell.Comparison.Difference),
        Details:
        [
            $"{format.Text(cell.A.Known)}, {format.Text(cell.B.Known)}",
            .. cell.Comparison.Alone is { } alone ? new[] { ComparisonWords.Ends(alone, format) } : [],
        ])
    { Value = cell.Comparison.Difference };
}

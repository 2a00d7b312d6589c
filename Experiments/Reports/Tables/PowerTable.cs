using Ablation.Harness.Statistics;

namespace Ablation.Experiments.Reports.Tables;

/// <summary>
/// Shows how sure a primary column is, one row per loss: the difference with its intervals and p, the deviations behind them, and what
/// these seeds could have found.
/// </summary>
public static class PowerTable
{
    /// <summary>Builds the table for one column; null if the column is only described, or no loss is compared with the baseline.</summary>
    public static TextTable? Build(ResultTable table, int column)
    {
        var metric = table.Columns[column];
        var compared = table.Rows.Where(row => row.Cells[column].Comparison is not null).ToList();
        if (!metric.IsPrimary || compared.Count == 0) return null;
        var baseline = table.Rows.First(row => row.Loss == table.Baseline).Name;
        var family = compared[0].Cells[column].Comparison!.Family!;
        var losses = family.Losses == 1 ? "1 loss" : $"{family.Losses} losses";
        var over = family.Columns > 1 ? $" and {family.Columns} primary columns" : "";
        return new TextTable(
            $"Differences in {metric.Name} ({metric.Estimator}) from {baseline}; {table.Place}; {family.Method} over {losses}{over}.",
            Headers(metric.Format), [.. compared.Select(row => Row(row.Name, row.Cells[column].Comparison!, metric.Format))]);
    }

    /// <summary>"0.012"; "&lt; 0.001" for less; "n/a" without a test.</summary>
    public static string P(double? p) => p < 0.001 ? "< 0.001" : ValueFormat.Number(3).Text(p);

    private static IReadOnlyList<TextHeader> Headers(ValueFormat format) =>
    [
        new TextHeader("loss"),
        new TextHeader(format.Label("difference"), "seeds won and lost", true),
        new TextHeader("interval", "simultaneous 95 %", true),
        new TextHeader("alone", "95 % of this one", true),
        new TextHeader("other people", "95 % of this one", true),
        new TextHeader("p", "adjusted", true),
        new TextHeader("deviation", "own; borrowed, f", true),
        new TextHeader(format.Label("smallest difference found"), "power 0.8", true),
        new TextHeader("seeds needed", "for this difference", true),
        new TextHeader("verdict"),
    ];

    private static IReadOnlyList<TextCell> Row(string name, LossComparison one, ValueFormat format) =>
    [
        new TextCell(name),
        new TextCell(format.Signed(one.Difference), Details: [one.Signs is { } signs
            ? $"n = {one.N}: {signs.Text(one.HigherIsBetter)}" : $"n = {one.N}"])
        { Value = one.Difference },
        new TextCell(Ends(one.Simultaneous, format)),
        new TextCell(Ends(one.Alone, format)),
        People(one, format),
        new TextCell(P(one.AdjustedP)) { Value = one.AdjustedP },
        new TextCell(format.Text(one.OwnDeviation), Details: one.Deviation is { } deviation
            ? [$"{format.Text(deviation)}, f = {one.DegreesOfFreedom}"] : null),
        new TextCell(format.Text(one.SmallestFound)) { Value = one.SmallestFound },
        new TextCell(one.SeedsNeeded?.ToString() ?? ValueFormat.Missing) { Value = one.SeedsNeeded?.Number },
        new TextCell(ComparisonWords.Word(one, format), Details: one.IsMarginInReach == false
            ? [$"cannot show equality within {format.Exact(one.Margin)} with these seeds"] : null),
    ];

    /// <summary>The interval for other people; with one seed that of the two networks.</summary>
    private static TextCell People(LossComparison one, ValueFormat format) => one switch
    {
        { People: { } people } => new TextCell(Ends(people.Interval, format), Details: [$"{people.Persons:N0} people, {people.How}"]),
        { OneSeed: { Low: { } low, High: { } high } test } =>
            new TextCell(Ends(new Bounds(low, high), format), Details: [$"these two networks: {test.How}"]),
        { OneSeed: { } test } => new TextCell(ValueFormat.Missing, Details: [$"p = {P(test.P)}: {test.How}"]),
        _ => new TextCell(ValueFormat.Missing),
    };

    private static string Ends(Bounds? interval, ValueFormat format) =>
        interval is { } ends ? ComparisonWords.Ends(ends, format) : ValueFormat.Missing;
}

using Ablation.Experiments.Suites;
using Ablation.Harness.Statistics;

namespace Ablation.Experiments.Reports.Tables;

/// <summary>A loss against the baseline in one metric.</summary>
/// <param name="HolmP">From the table of results, corrected over all its metrics; null without a test.</param>
public sealed record PowerRow(string Loss, PairedComparison Comparison, double? HolmP);

/// <summary>
/// Shows the certainty of a table's headline metric: each loss's difference from the baseline with its tests, its effect size, and the
/// seeds needed.
/// </summary>
public static class PowerTable
{
    /// <summary>Builds the table for one column of a table of results; null if no loss is compared with the baseline.</summary>
    public static TextTable? Build(ResultTable table, int column)
    {
        var compared = table.Rows.Where(row => row.Loss != table.Baseline && row.Loss != Labels.Untrained).ToList();
        if (compared.Count == 0 || table.Rows.FirstOrDefault(row => row.Loss == table.Baseline) is not { } baseline) return null;
        var metric = table.Columns[column];
        var rows = compared.ConvertAll(row =>
            new PowerRow(row.Name, PairedComparison.Compare(row.Seeds(column), baseline.Seeds(column)), row.Cells[column].HolmP));
        var comparisons = table.Rows.Sum(row => row.Cells.Count(cell => cell.HolmP is not null));
        return Build($"Differences in {metric.Name} ({metric.Estimator}) from {baseline.Name}; {table.Place}", metric, rows,
            Math.Max(1, comparisons));
    }

    /// <param name="caption">What is compared; the number of comparisons is appended.</param>
    /// <param name="comparisons">Number of tests in the correction, at least 1.</param>
    public static TextTable Build(string caption, ResultColumn metric, IReadOnlyList<PowerRow> rows, int comparisons)
    {
        var tests = comparisons == 1 ? "1 comparison" : $"{comparisons} comparisons";
        return new TextTable($"{caption}; corrected over {tests}.",
        [
            new TextHeader("loss"),
            new TextHeader(metric.Format.Label("difference"), "95 % t interval, paired", true),
            new TextHeader("t test", "p", true),
            new TextHeader("t test", "p, Holm", true),
            new TextHeader("Wilcoxon", "p, exact", true),
            new TextHeader("effect d_z", "corrected; 95 %", true),
            new TextHeader("seeds needed", "for this difference; in this table", true),
            new TextHeader(metric.Format.Label("smallest difference found"), "with these seeds; in this table", true),
        ], [.. rows.Select(row => Row(row, metric, Strength.Compute(row.Comparison, comparisons)))]);
    }

    /// <summary>"0.0123"; "&lt; 0.0001" for less; "n/a" without a test.</summary>
    public static string P(double? p) => p < 0.0001 ? "< 0.0001" : ValueFormat.Number(4).Text(p);

    private static IReadOnlyList<TextCell> Row(PowerRow row, ResultColumn metric, Strength strength)
    {
        var (comparison, format, plain) = (row.Comparison, metric.Format, ValueFormat.Number(2));
        var n = $"n = {comparison.N}";
        var effect = strength.Effect;
        return
        [
            new TextCell(row.Loss),
            new TextCell(format.Signed(comparison.MeanDifference), comparison.HalfWidth is { } half
                ? format.Text(half) : null, [comparison.Signs is { } signs ? $"{n}: {signs.Text(metric.HigherIsBetter)}" : n]),
            new TextCell(P(comparison.TTestP)),
            new TextCell(P(row.HolmP)),
            new TextCell(P(comparison.WilcoxonP)),
            new TextCell(plain.Signed(effect?.Dz), null, effect is null
                ? null : [$"{plain.Signed(effect.Unbiased)}; {plain.Signed(effect.Low)} to {plain.Signed(effect.High)}"]),
            new TextCell(strength.Seeds?.ToString() ?? ValueFormat.Missing, null, strength.SeedsInTable is { } more
                ? [more.ToString()] : null),
            new TextCell(format.Text(strength.SmallestDifference), null, strength.SmallestInTable is { } larger
                ? [format.Text(larger)] : null),
        ];
    }
}

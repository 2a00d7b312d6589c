using Ablation.Experiments.Reports.Plots;
using Ablation.Experiments.Reports.Tables;
using Ablation.Experiments.Suites;

namespace Ablation.Experiments.Reports.Panels;

/// <param name="Ticks">Places in percent of the width.</param>
/// <param name="Baseline">Place of the baseline's mean; null without one.</param>
public sealed record SeedsColumn(string Name, IReadOnlyList<AxisTick> Ticks, double? Baseline);

/// <param name="Words">Every seed with its number.</param>
/// <param name="Mean">Place in percent of the width; null without a value.</param>
/// <param name="Seeds">Places in percent of the width.</param>
public sealed record SeedsCell(string Words, double? Mean, IReadOnlyList<double> Seeds);

public sealed record SeedsLine(string Loss, string Name, bool IsSubject, IReadOnlyList<SeedsCell> Cells);

/// <summary>Every seed as a dot: one row per loss, one column per test.</summary>
public sealed record SeedsPanel(IReadOnlyList<SeedsColumn> Columns, IReadOnlyList<SeedsLine> Lines) : Block
{
    /// <summary>Builds the panel; null if no figure has seeds.</summary>
    /// <param name="columns">Tables with the same rows, and the column of each.</param>
    public static SeedsPanel? Build(IReadOnlyList<(ResultTable Table, int Column)> columns, Emphasis emphasis)
    {
        // the untrained network is far below the others and would compress the axis
        var shown = columns.Where(one => one.Table.Rows.Any(row => row.Loss != Labels.Untrained && row.Seeds(one.Column).Count > 0))
            .ToList();
        if (shown.Count == 0) return null;
        var axes = shown.ConvertAll(one => Axis(one.Table, one.Column));
        var rows = shown[0].Table.Rows.Index().Where(row => row.Item.Loss != Labels.Untrained).ToList();
        return new SeedsPanel([.. shown.Zip(axes, (one, axis) => Head(one.Table, one.Column, axis))],
            [.. rows.Select(row => new SeedsLine(row.Item.Loss, row.Item.Name, row.Item.Loss == emphasis.Subject,
                [.. shown.Zip(axes, (one, axis) => Cell(one.Table.Rows[row.Index], one.Column, one.Table.Columns[one.Column].Format,
                    axis))]))]);
    }

    private static PanelAxis Axis(ResultTable table, int column)
    {
        var values = table.Rows.Where(row => row.Loss != Labels.Untrained).SelectMany(row => row.Seeds(column).Values)
            .Select(value => table.Columns[column].Format.Scale * value).ToList();
        var margin = Math.Max(0.06 * (values.Max() - values.Min()), 1e-3);
        return new PanelAxis(values.Min() - margin, values.Max() + margin, 0, 100);
    }

    private static SeedsColumn Head(ResultTable table, int column, PanelAxis axis)
    {
        var (heading, format) = (table.Columns[column], table.Columns[column].Format);
        var baseline = table.Rows.FirstOrDefault(row => row.Loss == table.Baseline)?.Cells[column].Known;
        return new SeedsColumn($"{heading.Test} {format.Label(heading.Name)}", [.. axis.Ticks(4).Where(tick => tick.At is > 4 and < 96)],
            baseline is { } mean ? axis.At(format.Scale * mean) : null);
    }

    private static SeedsCell Cell(ResultRow row, int column, ValueFormat format, PanelAxis axis)
    {
        var seeds = row.Seeds(column).OrderBy(seed => seed.Key).ToList();
        return new SeedsCell(seeds.Count == 0 ? ValueFormat.Missing
            : string.Join(", ", seeds.Select(seed => $"seed {seed.Key}: {format.Text(seed.Value)}")) + $" {format.Unit}",
            row.Cells[column].Known is { } mean ? axis.At(format.Scale * mean) : null,
            [.. seeds.Select(seed => axis.At(format.Scale * seed.Value))]);
    }
}

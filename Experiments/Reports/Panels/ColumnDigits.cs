using Ablation.Experiments.Reports.Tables;
using Ablation.Experiments.Suites;

namespace Ablation.Experiments.Reports.Panels;

/// <summary>How finely a column of the page prints: no finer than its intervals, and no finer than one pair of its test.</summary>
public static class ColumnDigits
{
    /// <summary>Returns none, one or two decimals by the median half of an interval, 95 %; the column's own format if it has none.</summary>
    /// <param name="smallestStep">The share that one pair or probe is; null if unknown. Nothing finer is printed.</param>
    public static ValueFormat Choose(ResultTable table, int column, double? smallestStep)
    {
        var format = table.Columns[column].Format;
        if (format != ValueFormat.Percent) return format;
        var halves = table.Rows.Where(row => row.Loss != Labels.Untrained).Select(row => Half(row.Cells[column])).OfType<double>().Order().ToList();
        var decimals = halves.Count == 0 ? 2 : (format.Scale * halves[halves.Count / 2]) switch
        {
            >= 9.5 => 0,
            >= 0.95 => 1,
            _ => 2,
        };
        var finest = smallestStep is { } step ? Math.Max(0, (int)Math.Ceiling(-Math.Log10(format.Scale * step) - 1e-9)) : 2;
        return format with { Decimals = Math.Min(decimals, finest) };
    }

    private static double? Half(ResultCell cell) =>
        cell.Interval is { } interval ? (interval.High - interval.Low) / 2 : cell.HalfWidth is { } half && double.IsFinite(half) ? half : null;
}

using System.Globalization;
using Ablation.Harness.Statistics;
using CsvHelper;

namespace Ablation.Experiments.Reports;

/// <summary>A result table as long CSV: one line a cell, raw numbers that read back bit for bit, "n/a" where there is none.</summary>
public static class CsvTable
{
    private static readonly string[] Columns =
        [
            "row", "metric", "estimator", "unit", "higher_is_better", "mean", "half_width_95",
            "deviation", "n", "delta_to_baseline", "holm_p", "verdict",
        ];

    /// <summary>Numbers are raw (shares, not percent); the writer stays open.</summary>
    public static void Write(ResultTable table, TextWriter writer)
    {
        var options = new CsvWriterOptions { NewLine = "\n", FormatProvider = CultureInfo.InvariantCulture };
        using var csv = CsvWriter.Create(writer, options, leaveOpen: true);
        csv.WriteHeader(Columns);
        foreach (var row in table.Rows)
        {
            for (var i = 0; i < table.Columns.Count; i++)
            {
                var (column, cell) = (table.Columns[i], row.Cells[i]);
                csv.WriteRecord([
                    row.Name, column.Name, column.Estimator, column.Format.Scale == 1 ? column.Format.Unit : "share",
                    column.HigherIsBetter ? "true" : "false", Raw(cell.Mean), Raw(cell.HalfWidth), Raw(cell.Deviation),
                    cell.N.ToString(CultureInfo.InvariantCulture), Raw(cell.Delta), Raw(cell.HolmP),
                    cell.Verdict is { } verdict ? Judgement.Text(verdict) : ValueFormat.Missing,
                ]);
            }
        }
    }

    /// <summary>The table as one string.</summary>
    public static string Write(ResultTable table)
    {
        using var writer = new StringWriter(CultureInfo.InvariantCulture);
        Write(table, writer);
        return writer.ToString();
    }

    private static string Raw(double? value) =>
        value is { } number && double.IsFinite(number) ? number.ToString("R", CultureInfo.InvariantCulture) : ValueFormat.Missing;
}

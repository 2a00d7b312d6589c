using Ablation.Experiments.Reports.Tables;
using CsvHelper;

namespace Ablation.Experiments.Reports.Page;

/// <summary>
/// All tables of a suite as long CSV: one line a cell, raw numbers that read back bit for bit, "n/a" where there is none.
/// </summary>
public static class SummaryCsv
{
    private static readonly string[] Columns =
    [
        "condition", "test", "loss", "metric", "estimator", "unit", "higher_is_better", "mean", "half_width_95", "deviation", "n",
        "delta_to_baseline", "holm_p", "verdict", "trials",
    ];

    /// <summary>Numbers are raw: shares, not percent. "trials" has the ids of the runs behind the row, by seed.</summary>
    public static string Write(IReadOnlyList<SummaryTable> tables)
    {
        using var text = new StringWriter();
        using (var csv = CsvWriter.Create(text, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true))
        {
            csv.WriteHeader(Columns);
            foreach (var table in tables)
            {
                for (var row = 0; row < table.Table.Rows.Count; row++)
                {
                    for (var column = 0; column < table.Table.Columns.Count; column++) csv.WriteRecord(Cells(table, row, column));
                }
            }
        }

        return text.ToString();
    }

    private static string[] Cells(SummaryTable table, int row, int index)
    {
        var (column, cell) = (table.Table.Columns[index], table.Table.Rows[row].Cells[index]);
        return
        [
            table.ConditionLabel, table.Test, table.Table.Rows[row].Name, column.Name, column.Estimator,
            column.Format.Scale == 1 ? column.Format.Unit : "share", column.HigherIsBetter ? "true" : "false",
            Raw(cell.Mean), Raw(cell.HalfWidth), Raw(cell.Deviation), cell.N.ToString(),
            Raw(cell.Delta), Raw(cell.HolmP), cell.VerdictText ?? ValueFormat.Missing,
            string.Join(' ', table.TrialIds[row]),
        ];
    }

    private static string Raw(double? value) =>
        value is { } number && double.IsFinite(number) ? number.ToString("R") : ValueFormat.Missing;
}

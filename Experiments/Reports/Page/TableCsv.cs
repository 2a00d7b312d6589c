using Ablation.Experiments.Reports.Tables;
using CsvHelper;

namespace Ablation.Experiments.Reports.Page;

/// <summary>
/// Writes tables of results as long CSV: one line per cell, raw numbers (shares, not percent) that read back bit for bit, "n/a" for a
/// missing one. "trials" has the ids of the runs behind the cell, by seed.
/// </summary>
public static class TableCsv
{
    private static readonly string[] Default =
    [
        "condition", "test", "loss", "metric", "estimator", "unit", "higher_is_better", "mean", "half_width_95", "deviation", "n",
        "delta_to_baseline", "holm_p", "verdict", "trials",
    ];

    private static readonly string[] Specified =
    [
        "table", "condition", "row", "loss", "column", "test", "metric", "estimator", "higher_is_better", "mean", "half_width_95",
        "deviation", "n", "delta_to_baseline", "holm_p", "verdict", "rank", "published", "ours_less_published", "published_source",
            "trials",
    ];

    /// <summary>Writes summary.csv: the default tables.</summary>
    public static string WriteDefault(IReadOnlyList<ResultTable> tables) => Write(tables, Default);

    /// <summary>Writes tables.csv: the tables that the suite requests.</summary>
    public static string WriteSpecified(IReadOnlyList<ResultTable> tables) => Write(tables, Specified);

    private static string Write(IReadOnlyList<ResultTable> tables, string[] header)
    {
        using var text = new StringWriter();
        using (var csv = CsvWriter.Create(text, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true))
        {
            csv.WriteHeader(header);
            foreach (var table in tables)
            {
                for (var row = 0; row < table.Rows.Count; row++)
                {
                    for (var column = 0; column < table.Columns.Count; column++)
                        csv.WriteRecord([.. header.Select(name => Text(name, table, row, column))]);
                }
            }
        }

        return text.ToString();
    }

    private static string Text(string name, ResultTable table, int i, int j)
    {
        var (row, column, cell) = (table.Rows[i], table.Columns[j], table.Rows[i].Cells[j]);
        return name switch
        {
            "table" => table.Title,
            "condition" => column.Condition,
            "row" => row.Name,
            "loss" => row.Loss,
            "column" => column.Name,
            "test" => column.Test,
            "metric" => column.Metric,
            "estimator" => column.Estimator,
            "unit" => column.Format.Scale == 1 ? column.Format.Unit : "share",
            "higher_is_better" => column.HigherIsBetter ? "true" : "false",
            "mean" => Raw(cell.Mean),
            "half_width_95" => Raw(cell.HalfWidth),
            "deviation" => Raw(cell.Deviation),
            "n" => cell.N.ToString(),
            "delta_to_baseline" => Raw(cell.Delta),
            "holm_p" => Raw(cell.HolmP),
            "verdict" => cell.VerdictText ?? ValueFormat.Missing,
            "rank" => table.Ranks[i, j].ToString().ToLowerInvariant(),
            "published" => Raw(cell.Published?.Raw),
            "ours_less_published" => Raw(cell.PublishedDifference),
            "published_source" => cell.Published?.Source ?? "",
            "trials" => string.Join(' ', cell.Trials.Select(trial => trial.Id)),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "no such column"),
        };
    }

    private static string Raw(double? value) => value is { } number && double.IsFinite(number) ? number.ToString("R") : ValueFormat.Missing;
}

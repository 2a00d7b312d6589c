using Ablation.Experiments.Reports.Tables;
using CsvHelper;

namespace Ablation.Experiments.Reports.Page;

/// <summary>The tables that a suite asks for, as long CSV: one line a cell, raw numbers, "n/a" where there is none.</summary>
public static class TablesCsv
{
    private static readonly string[] Columns =
    [
        "table", "condition", "row", "loss", "column", "test", "metric", "estimator", "higher_is_better", "mean", "half_width_95",
            "deviation", "n", "delta_to_baseline", "holm_p", "verdict", "rank",
        "published", "ours_less_published", "published_source", "trials",
    ];

    public static string Write(IReadOnlyList<SpecifiedTable> tables)
    {
        using var text = new StringWriter();
        using (var csv = CsvWriter.Create(text, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true))
        {
            csv.WriteHeader(Columns);
            foreach (var table in tables)
            {
                var ranks = Ranking.Marks(table.Table);
                for (var row = 0; row < table.Table.Rows.Count; row++)
                {
                    for (var column = 0; column < table.Table.Columns.Count; column++)
                        csv.WriteRecord(Cells(table, row, column, ranks[row, column]));
                }
            }
        }

        return text.ToString();
    }

    private static string[] Cells(SpecifiedTable table, int row, int index, Rank rank)
    {
        var (column, cell, asked) = (table.Table.Columns[index], table.Table.Rows[row].Cells[index], table.Options.Columns[index]);
        return
        [
            table.Options.Title, asked.Condition ?? table.Condition
                ?? "", table.Table.Rows[row].Name, table.Rows[row].Loss, column.Name, asked.Test, asked.Metric, column.Estimator,
            column.HigherIsBetter
                ? "true" : "false", Raw(cell.Mean), Raw(cell.HalfWidth), Raw(cell.Deviation), cell.N.ToString(), Raw(cell.Delta),
                Raw(cell.HolmP),
            cell.VerdictText
                ?? ValueFormat.Missing, rank.ToString()
                .ToLowerInvariant(), Raw(cell.Published?.Raw), Raw(cell.PublishedDifference), cell.Published?.Source ?? "",
            string.Join(' ', table.TrialIds[row][index]),
        ];
    }

    private static string Raw(double? value) => value is { } number && double.IsFinite(number) ? number.ToString("R") : ValueFormat.Missing;
}

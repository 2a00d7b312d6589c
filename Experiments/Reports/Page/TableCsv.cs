using Ablation.Experiments.Reports.Tables;
using Ablation.Harness.Statistics;
using CsvHelper;

namespace Ablation.Experiments.Reports.Page;

/// <summary>
/// Writes tables of results as long CSV: one line per cell, raw numbers (shares, not percent) that read back bit for bit, "n/a" for a
/// missing one. "trials" has the ids of the runs behind the cell, by seed.
/// </summary>
public static class TableCsv
{
    private static readonly string[] Figures =
    [
        "mean", "mean_low_95", "mean_high_95", "deviation", "n", "collapsed", "primary", "difference", "alone_low_95", "alone_high_95",
        "simultaneous_low_95", "simultaneous_high_95", "p_adjusted", "method", "own_deviation", "moderated_deviation",
        "degrees_of_freedom", "people_low_95", "people_high_95", "verdict", "rank",
    ];

    private static readonly string[] Default =
        ["condition", "test", "loss", "metric", "estimator", "unit", "higher_is_better", .. Figures, "trials"];

    private static readonly string[] Specified =
    [
        "table", "condition", "row", "loss", "column", "test", "metric", "estimator", "higher_is_better", .. Figures, "published",
        "ours_less_published", "published_source", "trials",
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
        var one = cell.Comparison;
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
            "mean_low_95" => Raw(cell.Interval?.Low),
            "mean_high_95" => Raw(cell.Interval?.High),
            "deviation" => Raw(cell.Deviation),
            "n" => cell.N.ToString(),
            "collapsed" => cell.Collapsed.ToString(),
            "primary" => column.IsPrimary ? "true" : "false",
            "difference" => Raw(one?.Difference),
            "alone_low_95" => Raw(one?.Alone?.Low),
            "alone_high_95" => Raw(one?.Alone?.High),
            "simultaneous_low_95" => Raw(one?.Simultaneous?.Low),
            "simultaneous_high_95" => Raw(one?.Simultaneous?.High),
            "p_adjusted" => Raw(one?.AdjustedP),
            "method" => one?.Family?.Method ?? ValueFormat.Missing,
            "own_deviation" => Raw(one?.OwnDeviation),
            "moderated_deviation" => Raw(one?.Deviation),
            "degrees_of_freedom" => one?.DegreesOfFreedom?.ToString() ?? ValueFormat.Missing,
            "people_low_95" => Raw(People(one)?.Low),
            "people_high_95" => Raw(People(one)?.High),
            "verdict" => one is null ? ValueFormat.Missing
                : one.Verdict == Verdict.Described ? "described" : ComparisonWords.Word(one, column.Format),
            "rank" => table.Ranks[i, j].ToString().ToLowerInvariant(),
            "published" => Raw(cell.Published?.Raw),
            "ours_less_published" => Raw(cell.PublishedDifference),
            "published_source" => cell.Published?.Source ?? "",
            "trials" => string.Join(' ', cell.Trials.Select(trial => trial.Id)),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "no such column"),
        };
    }

    /// <summary>The interval for other people; with one seed that of the two networks.</summary>
    private static Bounds? People(LossComparison? one) => one?.People?.Interval
        ?? (one?.OneSeed is { Low: { } low, High: { } high } ? new Bounds(low, high) : null);

    private static string Raw(double? value) => value is { } number && double.IsFinite(number) ? number.ToString("R") : ValueFormat.Missing;
}

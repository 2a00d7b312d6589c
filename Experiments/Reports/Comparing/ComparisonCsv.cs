using Ablation.Experiments.Reports.Tables;
using CsvHelper;

namespace Ablation.Experiments.Reports.Comparing;

/// <summary>Writes a comparison as long CSV: one line per loss and figure, raw numbers (shares, not percent), "n/a" for a missing
/// one.</summary>
internal static class ComparisonCsv
{
    private static readonly string[] Header =
    [
        "condition", "test", "loss", "metric", "estimator", "higher_is_better", "primary", "a", "a_mean", "a_n", "b", "b_mean", "b_n",
        "paired_seeds", "difference", "alone_low_95", "alone_high_95", "simultaneous_low_95", "simultaneous_high_95", "p_adjusted",
        "method", "own_deviation", "moderated_deviation", "degrees_of_freedom", "verdict", "a_trials", "b_trials",
    ];

    public static string Write(SideBySide both)
    {
        using var text = new StringWriter();
        using (var csv = CsvWriter.Create(text, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true))
        {
            csv.WriteHeader(Header);
            foreach (var test in both.Tests)
            {
                foreach (var figure in test.Figures)
                {
                    foreach (var cell in figure.Cells) csv.WriteRecord(Row(both, test, figure.Column, cell));
                }
            }
        }

        return text.ToString();
    }

    private static string[] Row(SideBySide both, ComparedTest test, ResultColumn column, ComparedCell cell)
    {
        var one = cell.Comparison;
        return
        [
            test.Condition, test.Test, cell.Loss, column.Metric, column.Estimator, column.HigherIsBetter ? "true" : "false",
            column.IsPrimary ? "true" : "false", both.A.Name, Raw(cell.A.Known), $"{cell.A.N}", both.B.Name, Raw(cell.B.Known),
            $"{cell.B.N}", $"{one.N}", Raw(one.Difference), Raw(one.Alone?.Low), Raw(one.Alone?.High), Raw(one.Simultaneous?.Low),
            Raw(one.Simultaneous?.High), Raw(one.AdjustedP), one.Family?.Method ?? ValueFormat.Missing, Raw(one.OwnDeviation),
            Raw(one.Deviation), one.DegreesOfFreedom?.ToString() ?? ValueFormat.Missing,
            column.IsPrimary ? ChangeTables.Word(cell, column.Format) : "described", Ids(cell.A), Ids(cell.B),
        ];
    }

    private static string Ids(ResultCell cell) => string.Join(' ', cell.Trials.Select(trial => trial.Id));

    private static string Raw(double? value) => value is { } number && double.IsFinite(number) ? number.ToString("R") : ValueFormat.Missing;
}

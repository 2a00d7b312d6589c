using Ablation.Experiments.Reports.Figures;
using Ablation.Experiments.Reports.Panels;
using Ablation.Experiments.Reports.Plots;
using Ablation.Experiments.Reports.Tables;

namespace Ablation.Experiments.Reports;

/// <summary>The tables that the answer rests on, with their forests: those that the suite requests, or one per condition.</summary>
internal static class AnswerTables
{
    private const int FewTests = 2; // with which there is room for another column of each
    private static readonly string[] SecondMetrics = ["TAR@FAR=1e-3", "TAR@FAR=1e-2", "TAR@FAR=1e-1"];

    public static IEnumerable<Block> Blocks(ReportParts parts, ResultBlocks results)
    {
        var summary = parts.Summary;
        foreach (var table in summary.Specified)
        {
            yield return new Heading(3, table.Title + (table.Condition is null ? "" : $", {table.ConditionLabel}"));
            foreach (var problem in table.Problems) yield return new Note(problem);
            yield return results.Main(table.Caption, [table], (_, _) => true);
        }

        if (summary.Specified.Count > 0 || parts.Conditions.Count > SuiteFigures.ManyConditions) yield break;
        foreach (var condition in parts.Conditions.Where(condition => condition.Tests.Count > 0))
        {
            if (parts.Conditions.Count > 1) yield return new Heading(3, condition.Label);
            var tables = condition.Tests.Select(test => test.Table).ToList();
            yield return results.Main($"Main table: {condition.Label}", tables,
                (table, column) => tables.Count <= FewTests && column == Second(table));
        }
    }

    /// <summary>Returns every seed in the headline of every test, one panel per condition.</summary>
    public static IEnumerable<Block> Seeds(ReportParts parts)
    {
        if (parts.Conditions.Count > SuiteFigures.ManyConditions) yield break;
        foreach (var condition in parts.Conditions)
        {
            var columns = condition.Tests.Where(test => test.Table.Headline is not null)
                .Select(test => (test.Table, test.Table.Headline!.Value)).ToList();
            if (SeedsPanel.Build(columns, Emphasis.Of(parts.Summary.Suite)) is not { } panel) continue;
            if (parts.Conditions.Count > 1) yield return new Heading(3, condition.Label);
            yield return panel;
        }
    }

    /// <summary>Test, and condition where there are several.</summary>
    public static string Place(ReportParts parts, ResultTable table) =>
        parts.Conditions.Count > 1 ? $"{table.Test}, {table.ConditionLabel}" : table.Test;

    /// <summary>The lowest usual FAR at which anything was measured.</summary>
    private static int Second(ResultTable table) => SecondMetrics.Select(name => table.Columns.ToList().FindIndex(column =>
        column.Name == name
        && table.Rows.Any(row => row.Cells[table.Columns.ToList().IndexOf(column)].Known is not null))).FirstOrDefault(at => at >= 0, -1);
}

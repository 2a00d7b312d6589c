using Ablation.Experiments.Processes;
using Ablation.Experiments.Reports.Figures;
using Ablation.Experiments.Reports.Tables;
using Ablation.Experiments.Suites;

namespace Ablation.Experiments.Reports;

/// <summary>The figures of a suite in the places of its page: those that it asks for, or a choice of its own.</summary>
internal static class SuiteFigures
{
    public const string Folder = "plots";

    public static IReadOnlyList<FigureOptions> For(Suite suite) => suite.Figures ?? DefaultFigures.For(suite);

    /// <summary>What stands under the table of one condition and test.</summary>
    public static IEnumerable<Block> OfTable(Summary summary, SummaryTable table, string folder) =>
        For(summary.Suite).SelectMany(figure => figure.OfTable(summary, table, folder));

    /// <summary>What a test is known for: accuracy on the grid; of a test without it, its first figure.</summary>
    internal static ResultColumn? Headline(ResultTable table) =>
        table.Columns.FirstOrDefault(column => column.Name == "accuracy" && column.Estimator.Contains("grid", StringComparison.Ordinal))
        ?? (table.Columns.Count > 0 ? table.Columns[0] : null);

    /// <summary>What stands at the end of a condition.</summary>
    public static IEnumerable<Block> OfCondition(Summary summary, Condition condition, string folder) =>
        For(summary.Suite).SelectMany(figure => figure.OfCondition(summary, condition, folder));

    /// <summary>What is drawn from all conditions together.</summary>
    public static IReadOnlyList<Block> OfSuite(Summary summary, string folder) =>
        [.. EveryCore.Select(For(summary.Suite), figure => figure.OfSuite(summary, folder).ToList()).SelectMany(part => part)];
}

using System.ComponentModel;
using Ablation.Experiments.Reports.Plots;
using Ablation.Experiments.Reports.Tables;
using Ablation.Experiments.Suites;

namespace Ablation.Experiments.Reports.Figures;

/// <summary>Differences from the baseline, for each condition and test.</summary>
[Description("paired differences of one metric from the baseline with 95 % intervals; filled where better or worse")]
public sealed record ForestOptions : MetricFigure
{
    /// <inheritdoc/>
    protected override IEnumerable<Block> Draw(Summary summary, ResultTable table, string folder)
    {
        var baseline = summary.Suite.BaselineLabel();
        if (Column(table) is not { } at) yield break;
        var column = table.Columns[at];
        if (table.Rows.All(row => row.Name != baseline)) yield break;
        var rows = table.Rows.Where(row => row.Name != Labels.Untrained && row.Name != baseline)
            .Select(row => new Difference(row.Name, row.Cells[at].Comparison)).ToList();
        if (rows.Count == 0) yield break;
        var title = $"{Place(summary, table)}: {column.Name} ({column.Estimator}) of each loss less {baseline}'s";
        using var drawing = ForestPlot.Draw(title, $"{column.Name}, {column.Estimator}", baseline, rows,
            summary.Rows, column.Format, column.HigherIsBetter);
        yield return Save(summary, drawing, folder, Name($"forest{Suffix()}", table), title,
            $"{table.Test}: {column.Name} ({column.Estimator}), mean paired difference from {baseline}. The thick bar is the 95 % " +
            "interval " +
            $"of this difference alone, the thin one that of all comparisons together; where the thin one leaves 0 out, the loss is " +
            "better " +
            $"or worse, and its mark is filled.") with
        { Kind = Metric is null && Estimator is null ? FigureKind.InTable : FigureKind.Other };
    }
}

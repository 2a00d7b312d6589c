using System.ComponentModel;
using Ablation.Experiments.Reports.Plots;
using Ablation.Experiments.Reports.Tables;
using Ablation.Experiments.Suites;
using Ablation.Harness.Protocols;

namespace Ablation.Experiments.Reports.Figures;

/// <summary>A metric with one row per loss, for each condition and test.</summary>
[Description("one metric of a test: one row per loss, mean with interval, and the seeds")]
public sealed record MetricByLossOptions : MetricFigure
{
    /// <inheritdoc/>
    protected override IEnumerable<Block> Draw(Summary summary, ResultTable table, string folder)
    {
        if (Column(table) is not { } at) yield break;
        var column = table.Columns[at];
        // the untrained network is far below the others and would compress the axis
        var figures = table.Rows.Where(row => row.Name != Labels.Untrained)
            .Select(row => new LossFigure(row.Name, row.Cells[at].Known, row.Cells[at].HalfWidth, Seeds(summary, table, row.Name, column)))
            .ToList();
        var title = $"{Place(summary, table)}: {column.Name} ({column.Estimator}) of every loss and seed";
        using var drawing = MetricByLoss.Draw(title, $"{column.Name}, {column.Estimator}", figures,
            summary.Rows, column.Format, summary.Suite.BaselineLabel());
        var left = figures.Count < table.Rows.Count ? " The untrained network is in the table only." : "";
        yield return Save(summary, drawing, folder, Name(StoredName.FileName(column.Name + (Estimator is null ? "" : $"-{Estimator}")),
            table),
            title,
            $"{table.Test}: {column.Name} ({column.Estimator}), mean over seeds with its " +
            $"95 % t interval; small dots are single seeds, the vertical line is the baseline.{left}") with
        { Kind = Metric is null && Estimator is null ? FigureKind.InTable : FigureKind.Other };
    }

    private static List<double> Seeds(Summary summary, ResultTable table, string row, ResultColumn column) =>
        [.. summary.TrialsOf(table, row).SelectMany(trial => trial.Metrics)
            .Where(metric => metric.Test == table.Test && metric.Name == column.Name && metric.Estimator == column.Estimator)
            .Select(metric => metric.Value).OfType<double>()];
}

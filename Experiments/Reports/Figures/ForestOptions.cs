using System.ComponentModel;
using Ablation.Experiments.Reports.Plots;
using Ablation.Experiments.Reports.Tables;
using Ablation.Experiments.Suites;

namespace Ablation.Experiments.Reports.Figures;

/// <summary>Differences from the baseline, for each condition and test.</summary>
[Description("paired differences of one metric from the baseline with 95 % intervals; filled where distinguishable")]
public sealed record ForestOptions : MetricFigure
{
    /// <inheritdoc/>
    protected override IEnumerable<Block> Draw(Summary summary, ResultTable table, string folder)
    {
        var baseline = summary.Suite.BaselineLabel();
        if (Column(table) is not { } at) yield break;
        var column = table.Columns[at];
        var rows = table.Rows.Where(row => row.Name != Labels.Untrained && row.Name != baseline)
            .Select(row => row.Cells[at].Comparison is { } comparison ? new Difference(row.Name, comparison) : null).OfType<Difference>()
            .ToList();
        if (rows.Count == 0) yield break;
        using var drawing = ForestPlot.Draw($"{table.Test}, {table.ConditionLabel}", $"{column.Name}, {column.Estimator}", baseline, rows,
            summary.Rows, column.Format, column.HigherIsBetter);
        yield return Save(drawing, folder, Name($"forest{Suffix()}", table),
            $"{table.Test}: {column.Name} ({column.Estimator}), mean paired difference from {baseline} with the interval that the table " +
            "gives. A filled mark is better or worse than the baseline; an open one is not decided.");
    }
}

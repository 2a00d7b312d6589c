using Ablation.Harness.Statistics;

namespace Ablation.Experiments.Reports;

/// <param name="Comparison">With the baseline, seed by seed; of the baseline itself with itself.</param>
internal sealed record LossFinding(string Loss, ResultCell Cell, PairedComparison Comparison);

/// <summary>The headline figure of one table, loss by loss.</summary>
/// <param name="Place">Test and condition.</param>
/// <param name="Trained">Losses that have the figure, the best mean first; the untrained network is not among them.</param>
/// <param name="Compared">Those that the table compares with the baseline; none where the baseline has no figure.</param>
internal sealed record HeadlineFinding(string Place, ResultColumn Column, string Baseline, IReadOnlyList<LossFinding> Trained, IReadOnlyList<LossFinding> Compared)
{
    /// <summary>Null where the table has no column.</summary>
    public static HeadlineFinding? Of(Summary summary, SummaryTable table)
    {
        if (SuiteFigures.Headline(table.Table) is not { } column) return null;
        var index = table.Table.Columns.ToList().IndexOf(column);
        var baseline = summary.Suite.BaselineLabel();
        var reference = BySeed(summary, table, baseline, column);
        var sign = column.HigherIsBetter ? -1 : 1;
        List<LossFinding> trained =
        [
            .. table.Table.Rows.Where(row => row.Name != Labels.Untrained && row.Cells[index].Known is not null)
                .Select(row => new LossFinding(row.Name, row.Cells[index], PairedComparison.Of(BySeed(summary, table, row.Name, column), reference)))
                .OrderBy(loss => sign * loss.Cell.Known),
        ];
        return new HeadlineFinding($"{table.Test}, {table.ConditionLabel}", column, baseline, trained, reference.Count == 0 ? [] : [.. trained.Where(loss => loss.Loss != baseline)]);
    }

    private static Dictionary<int, double> BySeed(Summary summary, SummaryTable table, string loss, ResultColumn column)
    {
        var values = new Dictionary<int, double>();
        foreach (var trial in summary.Of(table.Condition, loss))
        {
            var found = trial.Metrics.FirstOrDefault(metric => (metric.Test, metric.Name, metric.Estimator) == (table.Test, column.Name, column.Estimator));
            if (found?.Value is { } value) values.Add(trial.Plan.Spec.Seed, value);
        }

        return values;
    }
}

using Ablation.Harness.Evaluation;
using Ablation.Harness.Statistics;

namespace Ablation.Experiments.Reports;

/// <summary>One table: losses by metrics, for one condition and one test, judged against the baseline over the whole table.</summary>
internal static class SummaryTables
{
    public static SummaryTable Of(Summary summary, Condition condition, string test)
    {
        var metrics = summary.Trials.SelectMany(trial => trial.Metrics).Where(metric => metric.Test == test)
            .DistinctBy(metric => (metric.Name, metric.Estimator)).ToList();
        var columns = metrics.Select(metric => new ResultColumn(metric.Name, metric.Estimator, metric.HigherIsBetter, ValueFormat.Percent)).ToList();
        var values = summary.Rows.Select(row => metrics.Select(metric => BySeed(summary, condition, row, metric)).ToList()).ToList();

        var baseline = summary.Rows.ToList().IndexOf(summary.Suite.BaselineLabel());
        // the untrained network is shown for scale, not compared: it would use up the correction of the others
        var compared = (from row in Enumerable.Range(0, summary.Rows.Count)
                        where row != baseline && baseline >= 0 && summary.Rows[row] != Labels.Untrained
                        from column in Enumerable.Range(0, columns.Count)
                        select (row, column)).ToList();
        var judgements = Judgement.OverTable([.. compared.Select(at =>
            (PairedComparison.Of(values[at.row][at.column], values[baseline][at.column]), columns[at.column].HigherIsBetter))]);
        var judged = compared.Zip(judgements).ToDictionary(entry => entry.First, entry => entry.Second);

        var rows = summary.Rows.Select((row, i) => new ResultRow(row,
            [.. columns.Select((_, j) => ResultCell.Of([.. values[i][j].Values], judged.GetValueOrDefault((i, j))))])).ToList();
        var label = summary.ConditionLabels[condition];
        var ids = summary.Rows.Select(row => (IReadOnlyList<string>)[.. summary.Of(condition, row).Where(trial => trial.Result is not null).Select(trial => trial.Id)]).ToList();
        return new SummaryTable(condition, label, test, new ResultTable($"{test}: {label}.", "loss", columns, rows), ids);
    }

    /// <summary>The metric of every seed that has it.</summary>
    private static SortedDictionary<int, double> BySeed(Summary summary, Condition condition, string row, Metric metric)
    {
        var values = new SortedDictionary<int, double>();
        foreach (var trial in summary.Of(condition, row))
        {
            var found = trial.Metrics.FirstOrDefault(other => (other.Test, other.Name, other.Estimator) == (metric.Test, metric.Name, metric.Estimator));
            if (found?.Value is { } value) values.Add(trial.Plan.Spec.Seed, value);
        }

        return values;
    }
}

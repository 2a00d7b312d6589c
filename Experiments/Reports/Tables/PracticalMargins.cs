using Ablation.Experiments.Suites;

namespace Ablation.Experiments.Reports.Tables;

/// <summary>The practical margins that a suite declares, by the metrics of its tables.</summary>
public static class PracticalMargins
{
    /// <summary>Returns the margin of a column as a share; null if the suite declares none for its metric.</summary>
    public static double? Of(Suite suite, ResultColumn column) =>
        suite.Practical?.FirstOrDefault(margin => margin.Metric == column.Metric)?.Points / ValueFormat.Percent.Scale;

    /// <summary>Names margins of metrics that no table judges, which would go unnoticed; none before a trial has figures.</summary>
    public static IEnumerable<string> Problems(Summary summary)
    {
        var judged = summary.Specified.Concat(summary.Tables).SelectMany(table => table.Columns.Where(column => column.IsPrimary))
            .Select(column => column.Metric).Distinct().ToList();
        if (judged.Count == 0 || summary.Trials.All(trial => trial.Metrics.Count == 0)) yield break;
        foreach (var margin in (summary.Suite.Practical ?? []).Where(margin => !judged.Contains(margin.Metric)))
            yield return $"practical: no table judges \"{margin.Metric}\"; judged: {string.Join(", ", judged)}";
    }
}

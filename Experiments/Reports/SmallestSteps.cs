using Ablation.Experiments.Reports.Tables;

namespace Ablation.Experiments.Reports;

/// <summary>The share that one pair or probe of a figure is: nothing finer can be measured, and the page prints nothing finer.</summary>
internal sealed class SmallestSteps
{
    private readonly Dictionary<(string, string, string), int> counts;

    public SmallestSteps(Summary summary) => counts = summary.Trials.SelectMany(trial => trial.Metrics)
        .GroupBy(metric => (metric.Test, metric.Name, metric.Estimator)).ToDictionary(same => same.Key, same => same.First().N);

    /// <summary>Returns null for a figure that no trial has.</summary>
    public double? Of(ResultColumn column) =>
        counts.TryGetValue((column.Test, column.Metric, column.Estimator), out var n) && n > 0 ? 1.0 / n : null;
}

using Ablation.Experiments.Suites;
using Ablation.Harness.Metrics;

namespace Ablation.Experiments.Reports.Tables;

/// <summary>The stored trials of a suite, before they are tables.</summary>
public sealed class SuiteTrials
{
    private readonly ILookup<(Condition, string), StoredTrial> bySeed;

    internal SuiteTrials(Suite suite, IReadOnlyList<StoredTrial> trials)
    {
        (Suite, All) = (suite, trials);
        bySeed = trials.OrderBy(trial => trial.Plan.Spec.Seed).ToLookup(trial => (trial.Plan.Condition, trial.Plan.Label));
        Rows = [.. trials.Select(trial => trial.Plan.Label).Distinct()];
        ConditionLabels = ConditionNames.Build(suite);
        Metrics = [.. trials.SelectMany(trial => trial.Metrics).DistinctBy(metric => (metric.Test, metric.Name, metric.Estimator))];
    }

    public Suite Suite { get; }

    public IReadOnlyList<StoredTrial> All { get; }

    /// <summary>Labels of the losses in the order of every table and plot.</summary>
    public IReadOnlyList<string> Rows { get; }

    public IReadOnlyDictionary<Condition, string> ConditionLabels { get; }

    /// <summary>Of each figure the first that a trial has, in the order of the trials.</summary>
    public IReadOnlyList<Metric> Metrics { get; }

    /// <summary>Returns the trials of one row of one table, by seed.</summary>
    public IEnumerable<StoredTrial> Of(Condition condition, string label) => bySeed[(condition, label)];
}

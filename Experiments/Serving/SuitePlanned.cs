using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;

namespace Ablation.Experiments.Serving;

/// <summary>The trials that a suite consists of, as it was last run: with their ids, which take long to compute.</summary>
/// <param name="Names">Of the conditions, where there are several.</param>
public sealed record SuitePlanned(Suite Suite, ResultStore Store, IReadOnlyList<(PlannedTrial Plan, string Id)> Trials,
    IReadOnlyDictionary<Condition, string> Names)
{
    /// <summary>Computes ids and names.</summary>
    /// <param name="folder">The suite's folder of results.</param>
    public static SuitePlanned Build(Suite suite, IReadOnlyList<PlannedTrial> trials, string folder)
    {
        var store = new ResultStore(folder).Knowing(trials);
        var names = suite.Conditions().Distinct().Skip(1).Any() ? ConditionNames.Build(suite) : [];
        return new SuitePlanned(suite, store, [.. trials.Select(plan => (plan, plan.Spec.Id())).DistinctBy(trial => trial.Item2)], names);
    }
}

using Ablation.Experiments.Suites;
using Ablation.Harness;
using Ablation.Harness.Planning;
using Ablation.Harness.Provenance;
using Ablation.Harness.Training;

namespace Ablation.Experiments.Scheduling;

/// <summary>Predicts the memory that a suite's trials will need.</summary>
public static class MemoryPlan
{
    /// <summary>Returns one line per condition and loss whose trials cannot keep to the limit of <paramref name="place"/>.</summary>
    /// <param name="trials">Trials to run.</param>
    public static IReadOnlyList<string> Problems(IReadOnlyList<PlannedTrial> trials, TrialPlace place, OpenedData data)
    {
        if (place.MemoryLimit is not { } limit) return [];
        var problems = new List<string>();
        foreach (var alike in trials.Where(trial => trial.Spec.Training.Epochs > 0).GroupBy(trial => (trial.Condition, trial.Label)))
        {
            var spec = alike.First().Spec;
            if (data.Source(spec.Data) is not { } source) continue; // reported by SuiteCheck
            try
            {
                WorkingSet.LoopFor(TrialImages.MemoryCase(spec, source, place), place.Device, new LoopOptions(), limit);
            }
            catch (MemoryLimitException e)
            {
                problems.Add(
                    $"{alike.Key.Label}, {Labels.Full(alike.Key.Condition.Backbone)}, {alike.Key.Condition.Resolution} px: {e.Message}");
            }
        }

        return problems;
    }

    /// <summary>
    /// Returns the largest working set of some trials, without checkpointing; null if the data cannot be opened. The prediction does not
    /// depend on the loss.
    /// </summary>
    public static WorkingSet? Largest(IReadOnlyList<PlannedTrial> trials, TrialPlace place, OpenedData data)
    {
        var conditions = trials.DistinctBy(trial => trial.Condition).Select(trial => trial.Spec).ToList();
        if (conditions.Any(spec => data.Source(spec.Data) is null)) return null; // reported by SuiteCheck
        return conditions.Select(spec => (Spec: spec, Source: data.Source(spec.Data)!))
            .Select(one => WorkingSet.Predict(TrialImages.MemoryCase(one.Spec, one.Source, place), place.Device, new LoopOptions()))
            .MaxBy(set => set.Bytes);
    }
}

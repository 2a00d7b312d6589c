using Ablation.Experiments.Store;
using Ablation.Harness;
using Ablation.Harness.Data;
using Ablation.Harness.Training;

namespace Ablation.Experiments.Scheduling;

/// <summary>The memory that a suite's trials will take, before any of them runs.</summary>
public static class MemoryPlan
{
    /// <summary>Trials without a result that cannot keep to the limit of <paramref name="place"/>, one line a condition and loss.</summary>
    public static IReadOnlyList<string> Problems(IReadOnlyList<PlannedTrial> trials, ResultStore store, TrialPlace place)
    {
        if (place.MemoryLimit is not { } limit) return [];
        var left = trials.Where(trial => trial.Spec.Training.Epochs > 0 && !store.Has(trial.Spec.Id())).ToList();
        if (left.Count == 0) return []; // a finished suite needs no data
        var problems = new List<string>();
        foreach (var alike in left.GroupBy(trial => (trial.Condition, trial.Label)))
        {
            try
            {
                var spec = alike.First().Spec;
                using var source = spec.Data.Open(place.Data);
                WorkingSet.LoopFor(spec, source.Identities, Trial.KeptBytes(spec, source, place), place.Device, new LoopOptions(), limit);
            }
            catch (MemoryLimitException e)
            {
                problems.Add($"{alike.Key.Label}, {Labels.Full(alike.Key.Condition.Backbone)}, {alike.Key.Condition.Resolution} px: {e.Message}");
            }
        }

        return problems;
    }

    /// <summary>The largest working set of some trials, without checkpointing; null where the data cannot be opened. The loss takes no part in the prediction.</summary>
    public static WorkingSet? Largest(IReadOnlyList<PlannedTrial> trials, TrialPlace place)
    {
        try
        {
            return trials.DistinctBy(trial => trial.Condition).GroupBy(trial => trial.Spec.Data).SelectMany(alike =>
            {
                using var source = alike.Key.Open(place.Data);
                return alike.Select(trial => WorkingSet.Of(trial.Spec, source.Identities, Trial.KeptBytes(trial.Spec, source, place), place.Device, new LoopOptions())).ToList();
            }).MaxBy(set => set.Bytes);
        }
        catch (DataProblem)
        {
            return null; // told elsewhere
        }
    }
}

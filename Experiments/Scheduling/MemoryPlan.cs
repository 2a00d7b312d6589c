using Ablation.Experiments.Store;
using Ablation.Harness;
using Ablation.Harness.Data;
using Ablation.Harness.Training;

namespace Ablation.Experiments.Scheduling;

/// <summary>The memory that a suite's trials will take, before any of them runs.</summary>
public static class MemoryPlan
{
    /// <summary>Trials without a result that cannot keep to the limit of <paramref name="place"/>, one line a condition and loss.</summary>
    public static IReadOnlyList<string> Problems(Suite suite, IReadOnlyList<PlannedTrial> trials, ResultStore store, TrialPlace place)
    {
        if (place.MemoryLimit is not { } limit) return [];
        var (identities, pictures) = Data(suite, place);
        var problems = new List<string>();
        foreach (var alike in trials.Where(trial => trial.Spec.Training.Epochs > 0 && !store.Has(trial.Spec.Id())).GroupBy(trial => (trial.Condition, trial.Label)))
        {
            try
            {
                WorkingSet.LoopFor(alike.First().Spec, identities, pictures, place.Device, new LoopOptions(), limit);
            }
            catch (MemoryLimitException e)
            {
                problems.Add($"{alike.Key.Label}, {Labels.Full(alike.Key.Condition.Backbone)}, {alike.Key.Condition.Resolution} px: {e.Message}");
            }
        }

        return problems;
    }

    /// <summary>The largest working set of a condition's losses, without checkpointing; null where the data cannot be opened.</summary>
    public static WorkingSet? Largest(Suite suite, IReadOnlyList<PlannedTrial> trials, TrialPlace place)
    {
        try
        {
            var (identities, pictures) = Data(suite, place);
            return trials.DistinctBy(trial => trial.Label).Select(trial => WorkingSet.Of(trial.Spec, identities, pictures, place.Device, new LoopOptions())).MaxBy(set => set.Bytes);
        }
        catch (DataProblem)
        {
            return null; // told elsewhere
        }
    }

    private static (int Identities, long Pictures) Data(Suite suite, TrialPlace place)
    {
        using var source = suite.Data.Open(place.Data);
        return (source.Identities, Trial.KeptBytes(source, place));
    }
}

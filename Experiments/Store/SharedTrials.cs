using Ablation.Experiments.Suites;

namespace Ablation.Experiments.Store;

/// <summary>A trial that is missing here and finished in another suite of the same folder of results.</summary>
public sealed record SharedTrial(PlannedTrial Plan, string Id, SuiteFolder Holder);

/// <summary>
/// Two suites that hold the same trial share it: its id is the hash of everything that its result depends on, so a finished one is copied
/// in place of being trained. Only missing trials are looked for, by their ids.
/// </summary>
public static class SharedTrials
{
    /// <summary>Returns the missing trials of a suite that another suite beside it has finished.</summary>
    public static IReadOnlyList<SharedTrial> Find(IReadOnlyList<PlannedTrial> trials, ResultStore store)
    {
        if (Path.GetDirectoryName(store.Folder) is not { } results) return [];
        var others = SuiteFolders.Of(results).Where(other => other.Store.Folder != store.Folder).ToList();
        if (others.Count == 0) return [];
        return
        [
            .. trials.Select(plan => (Plan: plan, Id: plan.Spec.Id())).Where(trial => !store.Has(trial.Id)).DistinctBy(trial => trial.Id)
                .Select(trial => others.FirstOrDefault(other => other.Store.Has(trial.Id)) is { } holder
                    ? new SharedTrial(trial.Plan, trial.Id, holder) : null).OfType<SharedTrial>(),
        ];
    }

    /// <summary>Copies them, checked, and says how many came from where. One that is damaged there, or cannot be copied, is left to be
    /// trained.</summary>
    public static void Take(IReadOnlyList<PlannedTrial> trials, ResultStore store, Action<string> print)
    {
        var shared = Find(trials, store);
        if (shared.Count == 0) return;
        foreach (var group in shared.GroupBy(trial => trial.Holder))
        {
            var taken = 0;
            foreach (var trial in group)
            {
                if (TrialCopy.Take(trial.Holder.Store, store, trial.Id) is { } problem)
                    print($"not taken from {group.Key.Name}: {trial.Plan.Label}, seed {trial.Plan.Spec.Seed}: {problem}");
                else taken++;
            }

            if (taken > 0)
                print($"{taken} {(taken == 1 ? "trial" : "trials")} taken from {group.Key.Name}, where the same " +
                    $"{(taken == 1 ? "trial is" : "trials are")} finished");
        }
    }

    /// <summary>Returns a line per suite that trials will be taken from.</summary>
    public static IEnumerable<string> Foreseen(IReadOnlyList<SharedTrial> shared) => shared.GroupBy(trial => trial.Holder.Name)
        .Select(group =>
            $"{group.Count()} {(group.Count() == 1 ? "trial" : "trials")} finished in {group.Key}: taken from there, not trained");
}

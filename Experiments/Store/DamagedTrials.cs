using Ablation.Experiments.Processes;
using Ablation.Experiments.Suites;
using Ablation.Harness.Foundations;

namespace Ablation.Experiments.Store;

/// <summary>A finished trial whose files were changed or cannot be read.</summary>
/// <param name="What">The file, its problem, and a remedy.</param>
public sealed record DamagedTrial(PlannedTrial Plan, string Id, string What);

/// <summary>Reports damaged finished trials, and moves them aside to be run again if the user asks for that. Deletes nothing.</summary>
public static class DamagedTrials
{
    private const string Aside = "damaged";

    /// <summary>Compares every file of every finished trial with its checksum, except the trained weights.</summary>
    public static IReadOnlyList<DamagedTrial> Find(IReadOnlyList<PlannedTrial> trials, ResultStore store) =>
        [.. EveryCore.Select(trials, trial => trial.Spec.Id() is var id && store.Damage(id) is { } what
            ? new DamagedTrial(trial, id, what) : null).OfType<DamagedTrial>().DistinctBy(trial => trial.Id)];

    /// <summary>Prints which trials are damaged and, with <paramref name="redo"/>, moves their folders so that they run again.</summary>
    /// <returns>The number of damaged trials left in place.</returns>
    /// <exception cref="IOException">A folder cannot be moved.</exception>
    public static int Settle(IReadOnlyList<PlannedTrial> trials, ResultStore store, bool redo, Action<string> print)
    {
        var damaged = Find(trials, store);
        foreach (var trial in damaged)
        {
            print($"damaged: {trial.Plan.Label}, seed {trial.Plan.Spec.Seed}: {trial.What}");
            if (redo) print($"moved to {Move(store, trial.Id)}; will run again");
        }

        if (redo || damaged.Count == 0) return 0;
        print($"{damaged.Count} damaged {(damaged.Count == 1 ? "trial is" : "trials are")} left in place and not run again; " +
            $"--redo-damaged moves their folders to {Path.Combine(store.Folder, Aside)} and runs them again");
        return damaged.Count;
    }

    private static string Move(ResultStore store, string id)
    {
        var folder = Path.Combine(store.Folder, Aside);
        Directory.CreateDirectory(folder);
        for (var number = 1; ; number++)
        {
            var place = Path.Combine(folder, $"{id}-{number}");
            if (Directory.Exists(place)) continue;
            PatientFile.MoveFolder(store.TrialFolder(id), place);
            return place;
        }
    }
}

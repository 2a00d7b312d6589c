using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;

namespace Ablation.Experiments.Tuning;

/// <summary>
/// Runs a suite's search round by round and writes the choice. Everything that it needs to resume after a crash is in the store.
/// </summary>
/// <param name="suiteStore">Store of the suite; the search has a folder in it.</param>
/// <param name="settings">Settings of the suite's trials; trained weights are not kept, since nothing uses them.</param>
/// <param name="engine">Creates the engine that runs trials.</param>
/// <param name="print">Prints each round and the choice.</param>
/// <param name="redoDamaged">Whether finished trials with damaged files are moved aside and run again; otherwise nothing is chosen until
/// they are repaired.</param>
public sealed class TuningRun(TuningPlan plan, ResultStore suiteStore, ProcessSettings settings,
    Func<IReadOnlyList<PlannedTrial>, ResultStore, ITrialEngine> engine, Action<string> print, bool redoDamaged = false)
{
    private readonly ResultStore store = TuningPlan.StoreOf(suiteStore);

    /// <summary>Returns the choice; null if trials are left to another run or another process.</summary>
    /// <param name="failed">Trials that ended without a result in this run; their configurations are not ranked.</param>
    /// <exception cref="OperationCanceledException">On <paramref name="cancel"/>; the same call resumes.</exception>
    /// <exception cref="SuiteException">Nothing can be chosen; the message says why.</exception>
    public TuningChoice? Run(CancellationToken cancel, out int failed)
    {
        failed = 0;
        var state = TuningState.Read(plan, store);
        for (var rung = 0; rung < plan.Rungs.Count; rung++)
        {
            var (trials, round) = ((IReadOnlyList<PlannedTrial>)[.. state.Rounds[rung].Select(trial => trial.Plan)], plan.Rungs[rung]);
            print($"tuning, round {rung + 1} of {plan.Rungs.Count}: {round.Configurations} configurations of each of " +
                $"{plan.Losses.Count} losses, {round.Epochs} epochs; {trials.Count} trials in {store.Folder}");
            DamagedTrials.Settle(trials, store, redoDamaged, print);
            var outcome = engine(trials, store)
                .Run(new SuiteWork(plan.Validation, trials, store, settings with { KeepWeights = false, KeepCheckpoint = false }), cancel);
            failed += outcome.Failed;
            state = TuningState.Read(plan, store);
            foreach (var trial in state.Rounds[rung].Where(trial => trial.Damage is not null))
                print($"tuning waits for {trial.Plan.Label}, seed {trial.Plan.Spec.Seed}: {trial.Damage}");
            // a trial that failed before counts as settled unless it is being retried
            var tried = state.Rounds[rung]
                .Count(trial => trial.Result is null && (trial.Failure is null || TrialLease.IsHeld(store.Files(trial.Id))));
            if (Math.Max(tried, outcome.Interrupted + outcome.Skipped) is > 0 and var open)
            {
                print($"tuning is not complete: {open} trials of round {rung + 1} are left; the same command runs them");
                return null;
            }
        }

        var choice = TuningDecision.Make(state);
        ChoiceFile.Save(choice, store);
        foreach (var line in choice.Incomplete()) print(line);
        foreach (var loss in choice.Losses)
        {
            var values = string.Join(", ", loss.Values.Select(value => $"{value.Key} {value.Value}"));
            print($"tuned {loss.Label}: {(loss.Draw == 0 ? "the suite's own setting" : values)}");
        }

        return choice;
    }
}

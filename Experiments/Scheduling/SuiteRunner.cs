using Ablation.Experiments.Store;
using Ablation.Harness;

namespace Ablation.Experiments.Scheduling;

/// <summary>Runs what is missing of a suite, trial by trial. A failed trial is noted and the next one starts.</summary>
public static class SuiteRunner
{
    /// <exception cref="OperationCanceledException">On <paramref name="cancel"/>; finished trials stay, the running one leaves nothing.</exception>
    /// <exception cref="IOException">The store cannot be written.</exception>
    public static RunOutcome Run(IReadOnlyList<PlannedTrial> trials, ResultStore store, TrialPlace place, IRunView view, CancellationToken cancel)
    {
        int finished = 0, kept = 0, failed = 0, elsewhere = 0;
        for (var i = 0; i < trials.Count; i++)
        {
            cancel.ThrowIfCancellationRequested();
            var trial = trials[i];
            var id = trial.Spec.Id();
            if (store.Has(id))
            {
                kept++;
                continue;
            }

            using var taken = store.TryTake(id);
            if (taken is null)
            {
                elsewhere++;
                view.Say($"{trial.Label}, seed {trial.Spec.Seed}: another process runs it ({id})");
                continue;
            }

            if (store.Has(id)) // finished by another process since the look above
            {
                kept++;
                continue;
            }

            view.Start(i + 1, trials.Count, trial, id);
            TrialOutput output;
            try
            {
                output = Trial.Run(trial.Spec, trial.Label, place, new TrialControl(Watch: new LookWatch(view.Progress, view.Say)), cancel);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                failed++;
                view.Fail(trial, e);
                NoteFailure(store, trial, id, e, view);
                continue;
            }

            store.Save(output); // a full disk is not the trial's failure: it would take every trial after it too
            finished++;
            view.End(output.Result);
        }

        return new RunOutcome(finished, kept, failed, elsewhere);
    }

    private static void NoteFailure(ResultStore store, PlannedTrial trial, string id, Exception e, IRunView view)
    {
        try
        {
            store.Save(new TrialFailure(id, trial.Label, trial.Spec.Seed, DateTimeOffset.UtcNow, e.Message, e.ToString()));
        }
        catch (IOException inner)
        {
            view.Say($"the failure itself could not be noted: {inner.Message}");
        }
    }
}

/// <summary>Where a run is shown.</summary>
public interface IRunView
{
    void Say(string line);

    void Start(int number, int count, PlannedTrial trial, string id);

    void Progress(Harness.Training.HistoryPoint point, long steps);

    void End(TrialResult result);

    void Fail(PlannedTrial trial, Exception error);
}

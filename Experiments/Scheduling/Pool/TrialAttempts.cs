using Ablation.Experiments.Store;
using Ablation.Harness;
using Ablation.Harness.Training;

namespace Ablation.Experiments.Scheduling.Pool;

/// <summary>What the attempts at a trial say about the next one.</summary>
public static class TrialAttempts
{
    private const int LogLines = 40;

    /// <summary>
    /// Pieces that a micro-batch is to be cut into: twice as many after each attempt that ran out of memory, as far as it can be cut.
    /// </summary>
    public static int Split(TrialFiles files, TrialSpec spec)
    {
        var split = 1;
        foreach (var _ in files.ReadAttempts().Where(attempt => attempt is { Event: AttemptEvent.End, Reason: EndReason.OutOfMemory }))
            if (NextStep.CanHalve(split, MicroBatch(spec))) split *= 2;
        return split;
    }

    /// <summary>Pictures of a micro-batch before it is cut.</summary>
    public static int MicroBatch(TrialSpec spec) => Math.Max(1, spec.Training.Batch / spec.Training.Accumulate);

    /// <summary>
    /// Writes the end that the trial's process could not write itself, and a failure with the last lines of its log. What cannot be written
    /// is said.
    /// </summary>
    /// <param name="earlier">What was there before the process was started.</param>
    public static void NoteEnd(ResultStore store, QueuedTrial trial, Ending ending, EarlierAttempts earlier, int code,
        long? peak, Action<string> say)
    {
        var files = store.Files(trial.Id);
        try
        {
            // a process that died before it took the trial has no token
            var attempts = files.ReadAttempts();
            var begun = attempts.Skip(earlier.Attempts).LastOrDefault(attempt => attempt.Event == AttemptEvent.Start);
            // killed after it had told its end itself
            if (begun is not null && attempts.Any(attempt => attempt.Event == AttemptEvent.End && attempt.Token == begun.Token)) return;
            JsonLines.Append(files.Attempts,
                new Attempt(AttemptEvent.End, begun?.Token ?? "", DateTimeOffset.UtcNow, Environment.MachineName, begun?.Process
                    ?? 0, begun?.Job, begun?.Split ?? 1,
                Reason: ending.Reason, ExitCode: code, Message: ending.Message, PeakBytes: peak));
            if (ending.Reason is EndReason.Failed or EndReason.MachineFailed or EndReason.Crashed or EndReason.TimedOut
                or EndReason.OutOfMemory)
            {
                store.Save(new TrialFailure(trial.Id, trial.Trial.Label, trial.Trial.Spec.Seed, DateTimeOffset.UtcNow,
                    $"{StatusText.Words(ending.Reason.ToString())}: {ending.Message}",
                    string.Join('\n', LogTail.Read(files.Log, LogLines)), ending.Reason));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            say($"how {trial.Trial.Label}, seed {trial.Trial.Spec.Seed} ended could not be noted: {e.Message}");
        }
    }

    /// <summary>Why an attempt with a result ended.</summary>
    public static EndReason Reason(TrialStatus status) => status switch
    {
        TrialStatus.Diverged => EndReason.Diverged,
        TrialStatus.AtChance => EndReason.AtChance,
        _ => EndReason.Done,
    };
}

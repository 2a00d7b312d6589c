using Ablation.Experiments.Store;

namespace Ablation.Experiments.Scheduling.Pool;

/// <summary>Records the end of an attempt in the trial's folder if its process could not.</summary>
public static class AttemptRecord
{
    private const int LogLines = 40;

    /// <summary>
    /// Writes the end of the attempt, and a failure with the last lines of its log. Prints a message if they cannot be written.
    /// </summary>
    /// <param name="earlier">Content of the folder before the process was started.</param>
    public static void WriteEnd(ResultStore store, QueuedTrial trial, AttemptEnd end, EarlierAttempts earlier, int code,
        long? peak, Action<string> print)
    {
        var files = store.Files(trial.Id);
        try
        {
            // a process that died before it took the trial has no token
            var attempts = files.ReadAttempts();
            var begun = attempts.Skip(earlier.Attempts).LastOrDefault(attempt => attempt.Event == AttemptEvent.Start);
            // killed after it had recorded its own end; one that ran out of time records a soft stop
            var isRecorded = begun is not null
                && attempts.Any(attempt => attempt.Event == AttemptEvent.End && attempt.Token == begun.Token);
            if (isRecorded && end.Reason != EndReason.TimedOut) return;
            JsonLines.Append(files.Attempts,
                new Attempt(AttemptEvent.End, begun?.Token ?? "", DateTimeOffset.UtcNow, Environment.MachineName, begun?.Process
                    ?? 0, begun?.Job, begun?.Split ?? 1,
                Reason: end.Reason, ExitCode: code, Message: end.Message, PeakBytes: peak));
            if (end.Reason is EndReason.Failed or EndReason.MachineFailed or EndReason.Crashed or EndReason.TimedOut
                or EndReason.OutOfMemory)
            {
                store.Save(new TrialFailure(trial.Id, trial.Trial.Label, trial.Trial.Spec.Seed, DateTimeOffset.UtcNow,
                    $"{StatusText.Words(end.Reason.ToString())}: {end.Message}",
                    string.Join('\n', LogTail.Read(files.Log, LogLines)), end.Reason));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            print($"could not record how {trial.Trial.Label}, seed {trial.Trial.Spec.Seed} ended: {e.Message}");
        }
    }
}

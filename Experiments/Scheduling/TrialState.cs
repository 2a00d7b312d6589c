using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Harness.Training.Checkpoints;

namespace Ablation.Experiments.Scheduling;

/// <summary>The stage of a trial.</summary>
public enum TrialStage
{
    /// <summary>Its result is stored.</summary>
    Finished,

    /// <summary>A process runs it and has given a recent sign of life.</summary>
    Running,

    /// <summary>Begun, but no process holds it; the next run resumes it.</summary>
    Interrupted,

    /// <summary>Its last attempt ended with an error; the next run retries it.</summary>
    Failed,

    /// <summary>The last run skipped it for lack of time.</summary>
    Skipped,

    /// <summary>Not begun.</summary>
    Waiting,

    /// <summary>Its result cannot be read or was changed; it runs again only on request.</summary>
    Damaged,
}

/// <summary>The state of one trial of a suite, from its files.</summary>
/// <param name="Status">Status in the result file (done, diverged, ...); null without a result.</param>
/// <param name="Seconds">Length of the whole trial, if it is finished.</param>
/// <param name="Attempts">Recorded number of attempts.</param>
/// <param name="Reason">Why the last attempt ended; null if unknown.</param>
/// <param name="Message">Details of that end; empty if there are none.</param>
/// <param name="FromStep">First step of the running attempt.</param>
/// <param name="Checkpoint">Step of the newest checkpoint; null for none.</param>
public sealed record TrialState(PlannedTrial Plan, string Id, TrialStage Stage, string? Status = null, double? Seconds = null,
    int Attempts = 0,
    EndReason? Reason = null, string Message = "", long FromStep = 0, long? Checkpoint = null, LeaseRecord? Lease = null,
        TrialProgress? Progress = null)
{
    /// <summary>
    /// How long after its last sign of life a process counts as running. It gives one every few seconds, but a network disk may be slow.
    /// </summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Whether the result was written by an earlier version, without a checksum.</summary>
    public bool IsEarlier { get; init; }

    /// <summary>Reads the files of a trial without a result.</summary>
    /// <param name="skipped">Whether the last run skipped it for lack of time.</param>
    public static TrialState Open(PlannedTrial plan, string id, ResultStore store, bool skipped, DateTimeOffset now)
    {
        var files = new TrialFiles(store.TrialFolder(id));
        if (!Directory.Exists(files.Folder)) return new TrialState(plan, id, skipped ? TrialStage.Skipped : TrialStage.Waiting);
        var (lease, progress, attempts, failure) = (files.ReadLease(), files.ReadProgress(), files.ReadAttempts(), Failure(store, id));
        var (start, end) = (attempts.LastOrDefault(one => one.Event == AttemptEvent.Start),
            attempts.LastOrDefault(one => one.Event == AttemptEvent.End));
        var state = new TrialState(plan, id, TrialStage.Waiting, null, null, attempts.Count(one => one.Event == AttemptEvent.Start),
            end?.Reason, end?.Message ?? "",
            start?.FromStep ?? 0, CheckpointFolder.NewestStep(files.Folder), lease, progress?.Token == lease?.Token ? progress : null);

        // a recorded end is final for its token; without one, only silence shows that the process is gone
        if (lease is not null && end?.Token != lease.Token && now - (state.Progress?.Updated ?? lease.Taken) <= Patience)
            return state with { Stage = TrialStage.Running, Reason = null, Message = "" };
        var isBroken = end?.Reason is EndReason.Failed or EndReason.MachineFailed or EndReason.OutOfMemory or EndReason.Crashed
            or EndReason.TimedOut;
        if (isBroken || (failure is not null && (end is null || end.Time < failure.Time)))
            return state with
            {
                Stage = TrialStage.Failed,
                Reason = end?.Reason ?? EndReason.Failed,
                Message = failure?.Error
                ?? state.Message
            };
        var isBegun = attempts.Count > 0 || lease is not null || state.Checkpoint is not null;
        return state with
        {
            Stage = isBegun ? TrialStage.Interrupted : skipped ? TrialStage.Skipped : TrialStage.Waiting,
            Progress = isBegun
            ? progress : null
        };
    }

    private static TrialFailure? Failure(ResultStore store, string id)
    {
        try
        {
            return store.LoadFailure(id);
        }
        catch (InvalidDataException e) // an unreadable failure still means that the trial failed
        {
            return new TrialFailure(id, "", 0, DateTimeOffset.MaxValue, e.Message, "");
        }
    }
}

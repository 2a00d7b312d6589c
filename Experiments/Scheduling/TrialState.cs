using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Harness.Training.Checkpoints;

namespace Ablation.Experiments.Scheduling;

/// <summary>Where a trial stands.</summary>
public enum TrialStage
{
    /// <summary>Its result is stored.</summary>
    Finished,

    /// <summary>A process has it, and was heard of a moment ago.</summary>
    Running,

    /// <summary>Begun, held by nobody; the next run resumes it.</summary>
    Interrupted,

    /// <summary>Its last attempt ended with an error; the next run tries it again.</summary>
    Failed,

    /// <summary>The last run had no time for it.</summary>
    Skipped,

    /// <summary>Not begun.</summary>
    Waiting,

    /// <summary>A result is there that cannot be read, or was changed; it is not run again unless asked for.</summary>
    Damaged,
}

/// <summary>One trial of a suite, as its files show it.</summary>
/// <param name="Status">Of the result, as its file writes it (done, diverged, ...); null without one.</param>
/// <param name="Seconds">That the whole trial took, where it is finished.</param>
/// <param name="Attempts">How often a process began it, where that was noted.</param>
/// <param name="Reason">Why the last attempt ended; null where that is not known.</param>
/// <param name="Message">What is known of that end; empty where nothing is.</param>
/// <param name="FromStep">Step that the running attempt began at.</param>
/// <param name="Checkpoint">Step of the newest checkpoint; null where there is none.</param>
public sealed record TrialState(PlannedTrial Plan, string Id, TrialStage Stage, string? Status = null, double? Seconds = null,
    int Attempts = 0,
    EndReason? Reason = null, string Message = "", long FromStep = 0, long? Checkpoint = null, LeaseRecord? Lease = null,
        TrialProgress? Progress = null)
{
    /// <summary>
    /// How long after its last sign of life a process counts as running: it writes one every few seconds, and a network disk may be slow.
    /// </summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Whether the result is of an earlier version, without a checksum.</summary>
    public bool IsEarlier { get; init; }

    /// <summary>Reads what a trial without a result has left.</summary>
    /// <param name="skipped">Whether the last run left it out for want of time.</param>
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

        // the end of an attempt is final for its token; without one only its silence shows that a process is gone
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
        catch (InvalidDataException e) // it failed, whatever else the file was to say
        {
            return new TrialFailure(id, "", 0, DateTimeOffset.MaxValue, e.Message, "");
        }
    }
}

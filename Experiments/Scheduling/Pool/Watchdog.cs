using Ablation.Experiments.Store;

namespace Ablation.Experiments.Scheduling.Pool;

/// <summary>Why a trial's process is to be ended.</summary>
/// <param name="Softly">Asked to save a checkpoint first.</param>
public sealed record TerminationRequest(EndReason Reason, string Message, bool Softly);

/// <summary>
/// Watches one attempt at a trial: its memory, its time, and whether it moves. While it trains, each step of the optimiser is a move; while
/// it reads data or evaluates, which knows no steps, so is a second of processor time.
/// </summary>
public sealed class Watchdog(PoolOptions options, DateTimeOffset started)
{
    private static readonly TimeSpan Move = TimeSpan.FromSeconds(1);
    private readonly TimeSpan stall = options.Stall ?? PoolOptions.DefaultStall;
    private readonly DateTimeOffset begun = started;
    private DateTimeOffset moved = started;
    private (long Step, TrialPhase Phase) seen = (-1, TrialPhase.Starting);
    private TimeSpan worked;

    /// <summary>Highest memory seen; null before it was.</summary>
    public long? PeakBytes { get; private set; }

    /// <param name="progress">The newest of this attempt; null before the first.</param>
    /// <param name="memory">Bytes of its own now; null where unknown.</param>
    /// <param name="processor">Time used; null where unknown.</param>
    /// <returns>Null while all is well.</returns>
    public TerminationRequest? Check(DateTimeOffset now, TrialProgress? progress, long? memory, TimeSpan? processor)
    {
        if (memory > (PeakBytes ?? -1)) PeakBytes = memory;
        if (options.TrialMemory is { } ceiling && memory > ceiling)
            return new TerminationRequest(EndReason.OutOfMemory,
                $"it took {memory >> 20} MiB, more than the {ceiling >> 20} MiB that a trial may take (--trial-memory)", Softly: false);
        if (options.TrialTimeout is { } limit && now - begun > limit)
            return new TerminationRequest(EndReason.TimedOut,
                $"it took longer than {PlanText.Duration(limit.TotalSeconds)} (--trial-timeout)", Softly: true);

        var phase = progress?.Phase ?? TrialPhase.Starting;
        if (progress is { } newest && (newest.Step, newest.Phase) != seen) (seen, moved) = ((newest.Step, newest.Phase), now);
        if (phase != TrialPhase.Training && processor is { } used && used - worked >= Move) (worked, moved) = (used, now);
        return now - moved > stall
            ? new TerminationRequest(EndReason.TimedOut,
                $"it stood still for {PlanText.Duration(stall.TotalSeconds)} at step {progress?.Step ?? 0} (--stall)", Softly: false)
            : null;
    }
}

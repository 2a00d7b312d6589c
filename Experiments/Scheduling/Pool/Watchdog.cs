using Ablation.Experiments.Store;

namespace Ablation.Experiments.Scheduling.Pool;

/// <summary>Why a trial's process must end.</summary>
/// <param name="Softly">Whether it may save a checkpoint first.</param>
public sealed record TerminationRequest(EndReason Reason, string Message, bool Softly);

/// <summary>
/// Watches memory, time and progress of one attempt at a trial. In training each optimiser step is progress; while it reads data or
/// evaluates, which has no steps, each second of processor time is.
/// </summary>
public sealed class Watchdog(PoolOptions options, DateTimeOffset started)
{
    private static readonly TimeSpan Move = TimeSpan.FromSeconds(1);
    private readonly TimeSpan stall = options.Stall ?? PoolOptions.DefaultStall;
    private readonly DateTimeOffset begun = started;
    private DateTimeOffset moved = started;
    private (long Step, TrialPhase Phase) seen = (-1, TrialPhase.Starting);
    private TimeSpan worked;

    /// <summary>Peak memory; null before the first measurement.</summary>
    public long? PeakBytes { get; private set; }

    /// <param name="progress">Newest progress of this attempt; null before the first.</param>
    /// <param name="memory">Current private bytes; null if unknown.</param>
    /// <param name="processor">Processor time used; null if unknown.</param>
    /// <returns>Null if nothing is wrong.</returns>
    public TerminationRequest? Check(DateTimeOffset now, TrialProgress? progress, long? memory, TimeSpan? processor)
    {
        if (memory > (PeakBytes ?? -1)) PeakBytes = memory;
        if (options.TrialMemory is { } ceiling && memory > ceiling)
            return new TerminationRequest(EndReason.OutOfMemory,
                $"it took {memory >> 20} MiB, more than the {ceiling >> 20} MiB that a trial may take (--trial-memory)", Softly: false);
        if (options.TrialTimeout is { } limit && now - begun > limit)
            return new TerminationRequest(EndReason.TimedOut,
                $"it took longer than {Digits.Time(limit.TotalSeconds)} (--trial-timeout)", Softly: true);

        var phase = progress?.Phase ?? TrialPhase.Starting;
        if (progress is { } newest && (newest.Step, newest.Phase) != seen) (seen, moved) = ((newest.Step, newest.Phase), now);
        if (phase != TrialPhase.Training && processor is { } used && used - worked >= Move) (worked, moved) = (used, now);
        return now - moved > stall
            ? new TerminationRequest(EndReason.TimedOut,
                $"it stood still for {Digits.Time(stall.TotalSeconds)} at step {progress?.Step ?? 0} (--stall)", Softly: false)
            : null;
    }
}

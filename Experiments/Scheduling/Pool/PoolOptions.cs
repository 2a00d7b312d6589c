namespace Ablation.Experiments.Scheduling.Pool;

/// <summary>How a pool runs its trials.</summary>
/// <param name="Jobs">Trials at once.</param>
/// <param name="Deadline">When running trials save checkpoints and stop; null for none.</param>
/// <param name="TrialTimeout">Time limit of one attempt; null for none.</param>
/// <param name="Stall">Time without progress after which a trial is ended.</param>
/// <param name="TrialMemory">Limit on the private bytes of a trial's process; null for none.</param>
/// <param name="MaxAttempts">Maximum number of attempts per trial in this run after a crash, a stall or an error that may be the
/// machine's.</param>
/// <param name="Grace">Time between the request to stop and the kill.</param>
/// <param name="Linger">How long an idle pool waits for trials of other processes to be abandoned, as those of a pool that was just killed
/// are.</param>
public sealed record PoolOptions(int Jobs, IReadOnlyList<PoolDevice> Devices, RunEnd? Deadline = null,
    TimeSpan? TrialTimeout = null, TimeSpan? Stall = null, long? TrialMemory = null, int MaxAttempts = 2, TimeSpan? Grace = null,
        TimeSpan? Linger = null)
{
    public static readonly TimeSpan DefaultStall = TimeSpan.FromMinutes(30);
    public static readonly TimeSpan DefaultGrace = TimeSpan.FromSeconds(60);
    public static readonly TimeSpan DefaultLinger = DefaultGrace;
}

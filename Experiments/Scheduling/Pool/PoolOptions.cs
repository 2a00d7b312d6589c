namespace Ablation.Experiments.Scheduling.Pool;

/// <summary>How a pool runs its trials.</summary>
/// <param name="Jobs">Trials at once.</param>
/// <param name="Deadline">At it running trials save checkpoints and stop; null for none.</param>
/// <param name="TrialTimeout">Longest time of one attempt; null for none.</param>
/// <param name="Stall">A trial that stands still for so long is ended.</param>
/// <param name="TrialMemory">Bytes of its own that a trial's process may have; null for no ceiling.</param>
/// <param name="MaxAttempts">Of a trial in this run that ends with a crash or an error that may be the machine's, or stands still.</param>
/// <param name="Grace">Between the request to stop and the end by force.</param>
/// <param name="Linger">How long the pool, with nothing else to do, looks whether trials that other processes have are left unfinished:
/// those of a pool that was just killed are.</param>
public sealed record PoolOptions(int Jobs, IReadOnlyList<PoolDevice> Devices, RunEnd? Deadline = null,
    TimeSpan? TrialTimeout = null, TimeSpan? Stall = null, long? TrialMemory = null, int MaxAttempts = 2, TimeSpan? Grace = null,
        TimeSpan? Linger = null)
{
    public static readonly TimeSpan DefaultStall = TimeSpan.FromMinutes(30);
    public static readonly TimeSpan DefaultGrace = TimeSpan.FromSeconds(60);
    public static readonly TimeSpan DefaultLinger = DefaultGrace;
}

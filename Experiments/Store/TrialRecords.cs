using Ablation.Harness;

namespace Ablation.Experiments.Store;

/// <summary>
/// The input of a trial's process: <c>spec.json</c>, written before it starts, so that the suite file may be edited during a run.
/// </summary>
public sealed record StoredSpec(string Label, TrialSpec Spec);

/// <summary>Why an attempt at a trial ended.</summary>
public enum EndReason
{
    /// <summary>Its result is stored: the training and every test are complete.</summary>
    Done,

    /// <summary>Its result is stored: the loss became NaN, or violated the rule of the suite.</summary>
    Diverged,

    /// <summary>Its result is stored: it had learnt nothing after the epochs in the rule of the suite.</summary>
    AtChance,

    /// <summary>It reported an error that another attempt would repeat: bad data, an invalid specification.</summary>
    Failed,

    /// <summary>It reported an error that the machine may have caused: libtorch, a driver, a disk. Tried again.</summary>
    MachineFailed,

    /// <summary>It needed more memory than was available or allowed.</summary>
    OutOfMemory,

    /// <summary>The process ended without a report: a signal, a native crash.</summary>
    Crashed,

    /// <summary>It exceeded its time limit, or made no progress.</summary>
    TimedOut,

    /// <summary>The user stopped the run; it resumes from its checkpoint.</summary>
    Cancelled,

    /// <summary>It was pre-empted, reached a deadline, or its pool ended; it resumes from its checkpoint.</summary>
    Interrupted,

    /// <summary>Another copy of the trial took it over.</summary>
    LeaseLost,
}

/// <summary>Exit codes of <c>ablation trial</c>.</summary>
public static class TrialExit
{
    /// <summary>A result is stored.</summary>
    public const int Finished = 0;

    /// <summary>An error, recorded in failure.json.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>
    /// The result could not be written: a full disk, which would stop the next trial too. The last checkpoint is kept.
    /// </summary>
    public const int StoreUnwritable = 73;

    /// <summary>Out of memory, recorded in failure.json.</summary>
    public const int OutOfMemory = 74;

    /// <summary>A checkpoint is saved; the same command resumes. The usual RequeueExit of SLURM.</summary>
    public const int Interrupted = 75;

    /// <summary>Another copy has or took the trial.</summary>
    public const int TakenByOther = 76;
}

public enum AttemptEvent
{
    Start,
    End,
}

/// <summary>
/// One line of <c>attempts.jsonl</c>: the trial's process writes the start of an attempt, the process that observes the end writes the end.
/// </summary>
/// <param name="Token">Of the attempt's lease.</param>
/// <param name="Job">The cluster's name of the job (ARRAY_TASK); null outside one.</param>
/// <param name="Split">Pieces per micro-batch; above 1 after an attempt that ran out of memory.</param>
/// <param name="FromStep">Step of the checkpoint that it resumed from; 0 from the start. With <see cref="AttemptEvent.Start"/>.</param>
/// <param name="Reason">With <see cref="AttemptEvent.End"/>.</param>
/// <param name="PeakBytes">Peak resident memory observed; null if not measured.</param>
public sealed record Attempt(AttemptEvent Event, string Token, DateTimeOffset Time, string Host, int Process, string? Job = null,
    int Split = 1,
    long? FromStep = null, EndReason? Reason = null, int? ExitCode = null, string? Message = null, long? PeakBytes = null);

public enum TrialPhase
{
    Starting,
    Training,
    Evaluating,
}

/// <summary>
/// <c>progress.json</c>, rewritten by the trial's process every few seconds while it is alive, even if training makes no progress.
/// </summary>
/// <param name="Token">Of the lease.</param>
/// <param name="Started">Of this attempt.</param>
/// <param name="Advanced">When a step or a test was last completed.</param>
/// <param name="Epoch">Completed epochs, with a fraction.</param>
/// <param name="Loss">Mean at the last log point; null before the first.</param>
/// <param name="ImagesPerSecond">Between the last two log points; null before the first.</param>
/// <param name="MemoryBytes">Resident now.</param>
public sealed record TrialProgress(string Token, TrialPhase Phase, long Step, long Steps, double Epoch, double? Loss,
    double? ImagesPerSecond,
    DateTimeOffset Started, DateTimeOffset Advanced, DateTimeOffset Updated, long MemoryBytes);

/// <summary>The holder of a trial: <c>lease.json</c>.</summary>
/// <param name="Token">Random; a copy that finds another token has lost the trial.</param>
/// <param name="Host">Name of the machine.</param>
/// <param name="Job">The cluster's name of the job (ARRAY_TASK); null outside one.</param>
/// <param name="Restart">How often the cluster has restarted the job.</param>
/// <param name="Locks">Whether the file system has locks, so that the holder's lock shows whether it is alive.</param>
public sealed record LeaseRecord(string Token, string Host, int Process, string? Job, int Restart, DateTimeOffset Taken, bool Locks = true);

/// <summary><c>pools/TOKEN.json</c>, rewritten every few seconds by a runner while it is alive.</summary>
/// <param name="Deadline">When it will stop; null if it has no deadline.</param>
public sealed record PoolRecord(string Token, string Host, int Process, DateTimeOffset Started, DateTimeOffset Updated,
    DateTimeOffset? Deadline, IReadOnlyList<PoolSlot> Slots);

/// <summary>One slot of a pool.</summary>
/// <param name="Device">cpu, cuda:0, ...</param>
/// <param name="Trial">The id of the running trial; null if the slot is free.</param>
public sealed record PoolSlot(int Number, string Device, int Threads, string? Trial, string? Label, DateTimeOffset? Since);

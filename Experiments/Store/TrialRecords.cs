using Ablation.Harness;

namespace Ablation.Experiments.Store;

/// <summary>
/// What a trial's process is started with: <c>spec.json</c>, written before it starts, so that a suite file may be edited overnight.
/// </summary>
public sealed record StoredSpec(string Label, TrialSpec Spec);

/// <summary>Why an attempt at a trial ended.</summary>
public enum EndReason
{
    /// <summary>Its result is stored: the training and every test are through.</summary>
    Done,

    /// <summary>Its result is stored: the loss became NaN, or broke the suite's rule.</summary>
    Diverged,

    /// <summary>Its result is stored: it had learnt nothing by the time that the suite's rule names.</summary>
    AtChance,

    /// <summary>It reported an error that another attempt would meet too: bad data, a specification that does not fit.</summary>
    Failed,

    /// <summary>It reported an error that may be the machine's: of libtorch, of a driver, of a disk. Tried again.</summary>
    MachineFailed,

    /// <summary>It asked for more memory than there was, or than it may take.</summary>
    OutOfMemory,

    /// <summary>The process ended without a word: a signal, a native crash.</summary>
    Crashed,

    /// <summary>It took longer than it may, or stood still.</summary>
    TimedOut,

    /// <summary>The user stopped the run; it resumes from its checkpoint.</summary>
    Cancelled,

    /// <summary>Pre-empted, at a deadline, or its pool is gone; it resumes from its checkpoint.</summary>
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
    /// The result could not be written: a full disk, which would take the next trial's too. The checkpoint before it stays.
    /// </summary>
    public const int StoreUnwritable = 73;

    /// <summary>Recorded in failure.json.</summary>
    public const int OutOfMemory = 74;

    /// <summary>A checkpoint is saved; the same command resumes. What SLURM's RequeueExit usually is.</summary>
    public const int Interrupted = 75;

    /// <summary>Another copy has the trial, or took it.</summary>
    public const int TakenByOther = 76;
}

public enum AttemptEvent
{
    Start,
    End,
}

/// <summary>
/// One line of <c>attempts.jsonl</c>: an attempt begins with a line of the trial's process and ends with a line of whoever saw the end.
/// </summary>
/// <param name="Token">Of the attempt's lease.</param>
/// <param name="Job">The cluster's name of the job (ARRAY_TASK); null outside one.</param>
/// <param name="Split">Pieces that a micro-batch is cut into; above 1 after an attempt that ran out of memory.</param>
/// <param name="FromStep">Step of the checkpoint that it went on from; 0 from the start. With <see cref="AttemptEvent.Start"/>.</param>
/// <param name="Reason">With <see cref="AttemptEvent.End"/>.</param>
/// <param name="PeakBytes">Most resident memory that was seen; null where it was not measured.</param>
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
/// <c>progress.json</c>, rewritten by the trial's process every few seconds while it lives, whether the loop moves or not.
/// </summary>
/// <param name="Token">Of the lease.</param>
/// <param name="Started">Of this attempt.</param>
/// <param name="Advanced">When a step, or a test, was last finished.</param>
/// <param name="Epoch">Epochs done, with a fraction.</param>
/// <param name="Loss">Mean at the last log point; null before it.</param>
/// <param name="ImagesPerSecond">Since the log point before; null before it.</param>
/// <param name="MemoryBytes">Resident now.</param>
public sealed record TrialProgress(string Token, TrialPhase Phase, long Step, long Steps, double Epoch, double? Loss,
    double? ImagesPerSecond,
    DateTimeOffset Started, DateTimeOffset Advanced, DateTimeOffset Updated, long MemoryBytes);

/// <summary>Who runs a trial: <c>lease.json</c>.</summary>
/// <param name="Token">Random; a copy that finds another one there has lost the trial.</param>
/// <param name="Host">Name of the machine.</param>
/// <param name="Job">The cluster's name of the job (ARRAY_TASK); null outside one.</param>
/// <param name="Restart">How often the cluster has started the job again.</param>
/// <param name="Locks">Whether the file system has locks, so that the holder's lock shows whether it lives.</param>
public sealed record LeaseRecord(string Token, string Host, int Process, string? Job, int Restart, DateTimeOffset Taken, bool Locks = true);

/// <summary><c>pools/TOKEN.json</c>, rewritten every few seconds by a runner while it lives.</summary>
/// <param name="Deadline">When it will stop; null for none.</param>
public sealed record PoolRecord(string Token, string Host, int Process, DateTimeOffset Started, DateTimeOffset Updated,
    DateTimeOffset? Deadline, IReadOnlyList<PoolSlot> Slots);

/// <summary>One place of a pool.</summary>
/// <param name="Device">cpu, cuda:0, ...</param>
/// <param name="Trial">The id of what runs there; null while it is free.</param>
public sealed record PoolSlot(int Number, string Device, int Threads, string? Trial, string? Label, DateTimeOffset? Since);

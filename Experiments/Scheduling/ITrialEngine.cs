using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;

namespace Ablation.Experiments.Scheduling;

/// <summary>
/// Gets the missing trials of a suite run, each by a process of its own (<c>ablation trial</c>): on this machine, or through a cluster's
/// queue. Whether a trial is finished depends on the store alone.
/// </summary>
public interface ITrialEngine
{
    /// <exception cref="OperationCanceledException">On <paramref name="cancel"/>; finished trials stay, running ones have saved
    /// checkpoints.</exception>
    /// <exception cref="IOException">The store cannot be written.</exception>
    RunOutcome Run(SuiteWork work, CancellationToken cancel);
}

/// <summary>What an engine is asked for.</summary>
/// <param name="Trials">All of them, finished ones included, in the order in which they are to run.</param>
public sealed record SuiteWork(Suite Suite, IReadOnlyList<PlannedTrial> Trials, ResultStore Store, ProcessSettings Settings);

/// <summary>What a trial's process is given beside its specification; none of it is part of the specification.</summary>
/// <param name="Data">The folder of relative data paths.</param>
/// <param name="Device">As on the command line: cpu, cuda, cuda:1, mps.</param>
/// <param name="Threads">Of libtorch and the decoders.</param>
/// <param name="Cache">Folder of decoded pictures; null for none.</param>
/// <param name="MemoryLimit">Bytes a training may take, as predicted; null for no limit.</param>
/// <param name="CheckpointMinutes">Between two checkpoints.</param>
/// <param name="KeepCheckpoint">Whether the last checkpoint, with the trained weights, stays beside the result.</param>
/// <param name="TensorBoard">Whether event files are written beside the history.</param>
/// <param name="CheckpointSteps">Also a checkpoint at each multiple of so many steps; null for the time alone.</param>
/// <param name="KeepWeights">Whether the trained network stays beside the result.</param>
public sealed record ProcessSettings(string Data, string Device, int Threads, string? Cache = null, long? MemoryLimit = null,
    double CheckpointMinutes = 5,
    bool KeepCheckpoint = false, bool TensorBoard = false, int? CheckpointSteps = null, bool KeepWeights = true);

/// <summary>How a run of a suite ended, in trials.</summary>
/// <param name="Finished">In this run.</param>
/// <param name="Kept">Finished before.</param>
/// <param name="Failed">In this run.</param>
/// <param name="TakenByOthers">Taken by another process.</param>
/// <param name="Interrupted">Begun; the next run resumes them.</param>
/// <param name="Skipped">Not begun: the time did not suffice.</param>
/// <param name="Queued">Handed to a cluster.</param>
public sealed record RunOutcome(int Finished, int Kept, int Failed, int TakenByOthers, int Interrupted = 0, int Skipped = 0,
    int Queued = 0);

using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;

namespace Ablation.Experiments.Scheduling;

/// <summary>
/// Runs the missing trials of a suite, one process (<c>ablation trial</c>) per trial, on this machine or through a cluster's queue. Whether
/// a trial is finished depends only on the store.
/// </summary>
public interface ITrialEngine
{
    /// <exception cref="OperationCanceledException">On <paramref name="cancel"/>; finished trials stay, running ones have saved
    /// checkpoints.</exception>
    /// <exception cref="IOException">The store cannot be written.</exception>
    RunOutcome Run(SuiteWork work, CancellationToken cancel);
}

/// <summary>The work for an engine.</summary>
/// <param name="Trials">All trials, including finished ones, in the order in which they must run.</param>
public sealed record SuiteWork(Suite Suite, IReadOnlyList<PlannedTrial> Trials, ResultStore Store, ProcessSettings Settings);

/// <summary>Settings of a trial's process that are not part of its specification.</summary>
/// <param name="Data">Folder that relative data paths start from.</param>
/// <param name="Device">As on the command line: cpu, cuda, cuda:1, mps.</param>
/// <param name="Threads">Threads of libtorch and of the decoders.</param>
/// <param name="Cache">Folder of decoded pictures; null for none.</param>
/// <param name="MemoryLimit">Limit on the predicted bytes of a training; null for none.</param>
/// <param name="CheckpointMinutes">Minutes between two checkpoints.</param>
/// <param name="KeepCheckpoint">Whether the last checkpoint is kept beside the result.</param>
/// <param name="TensorBoard">Whether event files are written beside the history.</param>
/// <param name="CheckpointSteps">Steps between additional checkpoints; null for none.</param>
/// <param name="KeepWeights">Whether the trained network is kept beside the result.</param>
public sealed record ProcessSettings(string Data, string Device, int Threads, string? Cache = null, long? MemoryLimit = null,
    double CheckpointMinutes = 5,
    bool KeepCheckpoint = false, bool TensorBoard = false, int? CheckpointSteps = null, bool KeepWeights = true);

/// <summary>How a run of a suite ended, in trials.</summary>
/// <param name="Finished">Finished in this run.</param>
/// <param name="Kept">Finished before.</param>
/// <param name="Failed">Failed in this run.</param>
/// <param name="TakenByOthers">Taken by another process.</param>
/// <param name="Interrupted">Begun; the next run resumes them.</param>
/// <param name="Skipped">Not begun for lack of time, or left out.</param>
public sealed record RunOutcome(int Finished, int Kept, int Failed, int TakenByOthers, int Interrupted = 0, int Skipped = 0);

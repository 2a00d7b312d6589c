using Ablation.Harness.Training;
using Ablation.Harness.Training.Checkpoints;

namespace Ablation.Harness;

/// <summary>
/// How a trial is run and watched; none of it is part of the specification, and only <paramref name="Split"/> changes a result.
/// </summary>
/// <param name="Checkpoints">The checkpoints to write and to resume from; null for none.</param>
/// <param name="Split">Pieces that each micro-batch is cut into, 1 or more: needs less memory; the batch is the same, batch statistics are
/// those of a piece.</param>
/// <param name="Watch">Observes the trial while it runs; null for none.</param>
/// <param name="Stop">The soft stop: after the current step, or between two tests, saves a checkpoint and throws
/// <see cref="TrialInterruptedException"/>.</param>
/// <param name="Restarts">Attempts before this one, as counted by the caller, for the record; checkpoints count separately.</param>
/// <param name="Weights">File that the trained network is written to, before the result; null for none.</param>
public sealed record TrialControl(CheckpointFolder? Checkpoints = null, ITrialWatch? Watch = null, int Split = 1,
    CancellationToken Stop = default, int Restarts = 0, string? Weights = null);

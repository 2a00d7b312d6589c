using Ablation.Harness.Training;
using Ablation.Harness.Training.Checkpoints;

namespace Ablation.Harness;

/// <summary>
/// How a trial is run and watched; none of it is part of the specification, and only <paramref name="Split"/> changes a result.
/// </summary>
/// <param name="Checkpoints">Where the training's state is kept and resumed from; null for nowhere.</param>
/// <param name="Split">Pieces that each micro-batch is cut into, 1 or more: less memory, the same batch, and batch statistics over a
/// piece.</param>
/// <param name="Watch">Observes the trial while it runs; null for none.</param>
/// <param name="Stop">The soft stop: at the next step, or between two tests, a checkpoint is saved and
/// <see cref="TrialInterruptedException"/> thrown.</param>
/// <param name="Restarts">Attempts before this one as the caller counted them, for the record; a checkpoint counts its own.</param>
/// <param name="Weights">File that the trained network is written to, before the result is; null for nowhere.</param>
public sealed record TrialControl(CheckpointFolder? Checkpoints = null, ITrialWatch? Watch = null, int Split = 1,
    CancellationToken Stop = default, int Restarts = 0, string? Weights = null);

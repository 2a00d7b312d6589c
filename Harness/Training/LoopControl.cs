namespace Ablation.Harness.Training;

/// <summary>The watch of a training, its checkpoints, and its soft stop.</summary>
/// <param name="Stop">After the current step a checkpoint is saved and <see cref="TrialInterruptedException"/> is thrown.</param>
public sealed record LoopControl(ITrialWatch? Watch = null, TrialCheckpoints? Checkpoints = null, CancellationToken Stop = default);

/// <summary>A trial was stopped on request between two steps or two tests; the same call resumes from its checkpoint.</summary>
/// <param name="step">Optimiser steps done.</param>
public sealed class TrialInterruptedException(long step)
    : Exception($"stopped after step {step}; the same trial resumes from its last checkpoint")
{
    public long Step { get; } = step;
}

namespace Ablation.Harness.Training;

/// <summary>Who watches a training, where it is kept, and what stops it softly.</summary>
/// <param name="Stop">After the step in hand a checkpoint is saved, and <see cref="TrialInterruptedException"/> thrown.</param>
public sealed record LoopControl(ITrialWatch? Watch = null, TrialCheckpoints? Checkpoints = null, CancellationToken Stop = default);

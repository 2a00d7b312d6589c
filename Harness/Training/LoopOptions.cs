namespace Ablation.Harness.Training;

/// <summary>How the loop computes, not what: the layout changes a result by rounding, checkpointing not at all, so neither is part of a specification.</summary>
/// <param name="ChannelsLast">Images and convolutions have their channels innermost, and the kernels of our own take them on the CPU; without, libtorch's usual order, kept for comparison.</param>
/// <param name="Checkpointing">Each residual unit is computed a second time on the way back instead of keeping its maps.</param>
public sealed record LoopOptions(bool ChannelsLast = true, bool Checkpointing = false);

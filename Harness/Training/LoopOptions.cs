namespace Ablation.Harness.Training;

/// <summary>
/// How the loop computes, not what: the layout changes a result by rounding, checkpointing not at all; none is part of a specification.
/// </summary>
/// <param name="ChannelsLast">Images and convolutions have their channels innermost, and the kernels of our own take them on the CPU;
/// without, libtorch's usual order, kept for comparison.</param>
/// <param name="Checkpointing">Each residual unit is computed a second time on the way back instead of keeping its maps.</param>
/// <param name="Split">Pieces that each micro-batch is cut into. It changes what a batch normalisation sees, and nothing else but by
/// rounding.</param>
/// <param name="Angles">Whether angles to the proxies are measured at some of the looks; it changes no weight.</param>
public sealed record LoopOptions(bool ChannelsLast = true, bool Checkpointing = false, int Split = 1, bool Angles = true);

namespace Ablation.Harness.Training;

/// <summary>
/// How the loop computes, not what it computes; none of it is part of a specification. The layout changes a result only by rounding,
/// checkpointing does not change it.
/// </summary>
/// <param name="ChannelsLast">Whether images and convolutions have their channels innermost, computed by our kernels on the CPU; otherwise
/// libtorch's usual order, for comparison.</param>
/// <param name="Checkpointing">Whether each residual unit is computed again in the backward pass instead of keeping its maps.</param>
/// <param name="Split">Pieces that each micro-batch is cut into. Batch normalisation then sees one piece; the rest changes only by
/// rounding.</param>
/// <param name="Angles">Whether angles to the proxies are measured at some log points; changes no weight.</param>
public sealed record LoopOptions(bool ChannelsLast = true, bool Checkpointing = false, int Split = 1, bool Angles = true);

namespace Ablation.Harness.Training;

/// <summary>
/// How the loop computes, not what: the layout changes a result by rounding, checkpointing not at all. None of it is part of a
/// specification.
/// </summary>
/// <param name="ChannelsLast">Images and convolutions have their channels innermost, and our own kernels compute them on the CPU;
/// without, libtorch's usual order, kept for comparison.</param>
/// <param name="Checkpointing">Computes each residual unit again in the backward pass instead of keeping its maps.</param>
/// <param name="Split">Pieces that each micro-batch is cut into. Batch normalisation then sees a piece; all else changes by rounding
/// only.</param>
/// <param name="Angles">Whether angles to the proxies are measured at some log points; changes no weight.</param>
public sealed record LoopOptions(bool ChannelsLast = true, bool Checkpointing = false, int Split = 1, bool Angles = true);

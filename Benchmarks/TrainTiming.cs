using Ablation.Harness.Networks;

namespace Ablation.Benchmarks;

/// <summary>
/// The measurements of one case. Rates are images per second, medians over the rounds; null where something was not measured.
/// </summary>
/// <param name="Source">Name of the training faces.</param>
/// <param name="Rounds">Rounds behind the medians.</param>
/// <param name="Whole">From the stored JPEG to the optimiser's step.</param>
/// <param name="Bare">Network, loss and step on random tensors.</param>
/// <param name="WholeToBare">Median of the ratios of the rounds.</param>
/// <param name="Cost">Parameters, and multiply-adds per image.</param>
/// <param name="Stages">Each part measured separately.</param>
/// <param name="ProductRate">Floating-point operations per second of a large float32 product.</param>
public sealed record TrainTiming(TrainCase Case, string Source, int Rounds, double Whole, double Bare, MedianInterval WholeToBare,
    BackboneCost Cost, TrainStages Stages, double ProductRate)
{
    /// <summary>The whole loop with decoded pictures in memory.</summary>
    public double? Cached { get; init; }

    /// <summary>Share of the whole loop's time that the step waited for its batch.</summary>
    public double? WaitedShare { get; init; }

    /// <summary>Peak memory of a fresh process that trains this case, in bytes.</summary>
    public long? PeakBytes { get; init; }

    /// <summary>The measurements of PyTorch, if it ran.</summary>
    public TrainPeerTiming? Peer { get; init; }

    /// <summary>
    /// The bare network's operations as a share of the product's rate: six per multiply-add, two each for the output, the gradient of the
    /// input and that of the weight.
    /// </summary>
    public double ShareOfProductPeak => Bare * 6 * Cost.MultiplyAdds / ProductRate;
}

/// <summary>Images per second of each stage: reading, decoding and augmenting on all threads; the others within a step.</summary>
/// <param name="Evaluation">Pictures in memory embedded, each with its mirror image.</param>
public sealed record TrainStages(double Read, double Decode, double Augment, double Forward, double Loss, double Backward, double Step,
    double Evaluation)
{
    /// <summary>Forward and backward of the network only.</summary>
    public double ForwardBackward => 1 / (1 / Forward + 1 / Backward);
}

/// <summary>The same measurements of PyTorch.</summary>
/// <param name="WholeToPeer">Our whole loop over the peer's, median of the ratios of the rounds.</param>
/// <param name="WorkerBytes">Private memory of its loader's processes, in addition to <paramref name="PeakBytes"/>.</param>
public sealed record TrainPeerTiming(double Whole, double Bare, double? Evaluation, MedianInterval WholeToPeer, long? PeakBytes,
    long? WorkerBytes);

using Ablation.Losses;

namespace Ablation.Harness.Training;

/// <summary>What is known at a look at the loss.</summary>
/// <param name="Step">Optimiser steps done.</param>
/// <param name="Epoch">Epochs done, with a fraction.</param>
/// <param name="LearningRate">Of the last step.</param>
/// <param name="Loss">Mean since the look before.</param>
/// <param name="ImagesPerSecond">Since the look before; decoding, augmentation and the step included.</param>
public sealed record HistoryPoint(long Step, double Epoch, double LearningRate, double Loss, double ImagesPerSecond);

/// <summary>A finished training.</summary>
/// <param name="Seconds">Wall clock of the loop.</param>
/// <param name="BadImages">Images skipped as unreadable.</param>
/// <param name="Head">How loss and proxies were computed; null without a step.</param>
/// <param name="WaitedSeconds">Of <paramref name="Seconds"/>, how long the loop stood still because no batch was ready.</param>
public sealed record TrainingRun(IReadOnlyList<HistoryPoint> History, long Steps, double Seconds, double ImagesPerSecond, int BadImages, HeadChoice? Head, double WaitedSeconds = 0);

/// <summary>The first step whose loss was no number, and what there is to see why.</summary>
/// <param name="Step">Optimiser step, from 0.</param>
/// <param name="Images">Indices of the batch's images in the training set.</param>
/// <param name="LearningRate">At that step.</param>
/// <param name="Loss">As computed.</param>
/// <param name="SmallestCosine">Between the batch's embeddings and all proxies; null where they are not finite.</param>
/// <param name="LargestCosine">See <see cref="SmallestCosine"/>.</param>
/// <param name="EmbeddingNorm">Largest norm of the batch's embeddings; null where not finite.</param>
/// <param name="GradientNorms">Norm of each parameter group's gradient as it was kept: of the step before, or of the micro-batches of this step that went before; null where not finite.</param>
public sealed record Divergence(long Step, IReadOnlyList<int> Images, double LearningRate, string Loss,
    double? SmallestCosine, double? LargestCosine, double? EmbeddingNorm, IReadOnlyList<double?> GradientNorms);

/// <summary>Training was stopped at a loss that is no number.</summary>
public sealed class DivergedException(Divergence divergence, IReadOnlyList<HistoryPoint> history)
    : Exception($"the loss was {divergence.Loss} at step {divergence.Step} (learning rate {divergence.LearningRate:g3}); lower the rate, lengthen the warm-up or clip gradients")
{
    public Divergence Divergence { get; } = divergence;

    /// <summary>The looks before it.</summary>
    public IReadOnlyList<HistoryPoint> History { get; } = history;
}

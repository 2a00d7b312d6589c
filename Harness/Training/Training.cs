using Ablation.Losses;

namespace Ablation.Harness.Training;

/// <summary>What is known at a look at the loss.</summary>
/// <param name="Step">Optimiser steps done.</param>
/// <param name="Epoch">Epochs done, with a fraction.</param>
/// <param name="LearningRate">Of the last step.</param>
/// <param name="Loss">Mean since the look before.</param>
/// <param name="ImagesPerSecond">Since the look before; decoding, augmentation and the step included. Null where it was not measured: history files do not have it.</param>
public sealed record HistoryPoint(long Step, double Epoch, double LearningRate, double Loss, double? ImagesPerSecond = null);

/// <summary>A finished training.</summary>
/// <param name="Seconds">Wall clock of the loop.</param>
/// <param name="BadImages">Images skipped as unreadable.</param>
/// <param name="Head">How loss and proxies were computed; null without a step.</param>
/// <param name="WaitedSeconds">Of <paramref name="Seconds"/>, how long the loop stood still because no batch was ready.</param>
/// <param name="Stopped">Why it ended before its last step; null where it did not.</param>
/// <remarks>Seconds and images are those of all attempts, where a training went on from a checkpoint.</remarks>
public sealed record TrainingRun(IReadOnlyList<HistoryPoint> History, long Steps, double Seconds, double ImagesPerSecond, int BadImages, HeadChoice? Head,
    double WaitedSeconds = 0, Stopped? Stopped = null);

/// <summary>A training that had learnt nothing by the epoch that its suite names.</summary>
/// <param name="Rule">The rule in words, with its numbers.</param>
/// <param name="Step">Optimiser steps done.</param>
/// <param name="Loss">The lowest of all looks.</param>
/// <param name="FirstLoss">Of the first look.</param>
public sealed record Stopped(string Rule, long Step, double Loss, double FirstLoss);

/// <summary>The first step whose loss was no number, and what there is to see why.</summary>
/// <param name="Step">Optimiser step, from 0.</param>
/// <param name="Images">Indices of the batch's images in the training set.</param>
/// <param name="LearningRate">At that step.</param>
/// <param name="Loss">As computed.</param>
/// <param name="SmallestCosine">Between the batch's embeddings and all proxies; null where they are not finite.</param>
/// <param name="LargestCosine">See <see cref="SmallestCosine"/>.</param>
/// <param name="EmbeddingNorm">Largest norm of the batch's embeddings; null where not finite.</param>
/// <param name="GradientNorms">Norm of each parameter group's gradient as it was kept: of the step before, or of the micro-batches of this step that went before; null where not finite, and where there is none: in the first step, and in the first one after a checkpoint.</param>
public sealed record Divergence(long Step, IReadOnlyList<int> Images, double LearningRate, string Loss,
    double? SmallestCosine, double? LargestCosine, double? EmbeddingNorm, IReadOnlyList<double?> GradientNorms)
{
    /// <summary>The suite's rule that a finite loss broke, with its numbers; null where the loss was no number.</summary>
    public string? Rule { get; init; }
}

/// <summary>Training was stopped at a loss that is no number.</summary>
public sealed class DivergedException(Divergence divergence, IReadOnlyList<HistoryPoint> history)
    : Exception($"{(divergence.Rule is { } rule ? rule + ": " : "")}the loss was {divergence.Loss} at step {divergence.Step} (learning rate {divergence.LearningRate:g3}); lower the rate, lengthen the warm-up or clip gradients")
{
    public Divergence Divergence { get; } = divergence;

    /// <summary>The looks before it, and the one that broke a rule.</summary>
    public IReadOnlyList<HistoryPoint> History { get; } = history;
}

using Ablation.Harness.Theory;
using Ablation.Losses.Heads;

namespace Ablation.Harness.Training;

/// <summary>What is known at a look at the loss.</summary>
/// <param name="Step">Optimiser steps done.</param>
/// <param name="Epoch">Epochs done, with a fraction.</param>
/// <param name="LearningRate">Of the last step.</param>
/// <param name="Loss">Mean since the look before.</param>
/// <param name="ImagesPerSecond">Since the look before; decoding, augmentation and the step included. Null where it was not measured:
/// history files do not have it.</param>
/// <param name="Angles">Of the last micro-batch before; null at looks where they were not measured.</param>
public sealed record HistoryPoint(long Step, double Epoch, double LearningRate, double Loss, double? ImagesPerSecond = null,
    ProxyAngles? Angles = null);

/// <summary>A finished training.</summary>
/// <param name="Seconds">Wall clock of the loop.</param>
/// <param name="BadImages">Images skipped as unreadable.</param>
/// <param name="Head">How loss and proxies were computed; null without a step.</param>
/// <param name="WaitedSeconds">Of <paramref name="Seconds"/>, how long the loop stood still because no batch was ready.</param>
/// <param name="Stopped">Why it ended before its last step; null where it did not.</param>
/// <remarks>Seconds and images are those of all attempts, where a training went on from a checkpoint.</remarks>
public sealed record TrainingRun(IReadOnlyList<HistoryPoint> History, long Steps, double Seconds, double ImagesPerSecond, int BadImages,
    HeadChoice? Head,
    double WaitedSeconds = 0, Stopped? Stopped = null);

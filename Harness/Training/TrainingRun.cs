using Ablation.Harness.Training.Checkpoints;
using Ablation.Losses.Heads;

namespace Ablation.Harness.Training;

/// <summary>A finished training.</summary>
/// <param name="Seconds">Wall clock of the loop.</param>
/// <param name="BadImages">Number of images skipped as unreadable.</param>
/// <param name="Head">How loss and proxies were computed; null without a step.</param>
/// <param name="WaitedSeconds">Part of <paramref name="Seconds"/> in which the loop waited for a batch.</param>
/// <param name="Stopped">The rule that ended it before its last step; null if none did.</param>
/// <remarks>Seconds and images include all attempts of a resumed training.</remarks>
public sealed record TrainingRun(IReadOnlyList<HistoryPoint> History, long Steps, double Seconds, double ImagesPerSecond, int BadImages,
    HeadChoice? Head, double WaitedSeconds = 0, Stopped? Stopped = null);

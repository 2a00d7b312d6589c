using Ablation.Harness.Training.Checkpoints;
using Ablation.Losses.Heads;

namespace Ablation.Harness.Training;

/// <summary>A finished training.</summary>
/// <param name="Seconds">Wall clock of the loop.</param>
/// <param name="BadImages">Images skipped as unreadable.</param>
/// <param name="Head">How loss and proxies were computed; null without a step.</param>
/// <param name="WaitedSeconds">Of <paramref name="Seconds"/>, those in which the loop waited for a batch.</param>
/// <param name="Stopped">The rule that ended it before its last step; null where none did.</param>
/// <remarks>Seconds and images are those of all attempts where a training was resumed.</remarks>
public sealed record TrainingRun(IReadOnlyList<HistoryPoint> History, long Steps, double Seconds, double ImagesPerSecond, int BadImages,
    HeadChoice? Head, double WaitedSeconds = 0, Stopped? Stopped = null);

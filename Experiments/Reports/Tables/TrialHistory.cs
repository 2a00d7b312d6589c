using Ablation.Harness.Training.Checkpoints;

namespace Ablation.Experiments.Reports.Tables;

/// <summary>What a report needs of a trial's log points: ten thousand trials have a million of them.</summary>
/// <param name="Epochs">Of every log point, with a fraction.</param>
/// <param name="Losses">Of every log point: means since the previous one.</param>
/// <param name="Measured">Log points that measure angles or motion, or have what the loss follows.</param>
public sealed record TrialHistory(double[] Epochs, double[] Losses, IReadOnlyList<HistoryPoint> Measured)
{
    /// <summary>That of a trial without a result.</summary>
    public static TrialHistory None { get; } = new([], [], []);

    public int Count => Epochs.Length;

    public static TrialHistory Of(IReadOnlyList<HistoryPoint> points) => new(
        [.. points.Select(point => point.Epoch)],
        [.. points.Select(point => point.Loss)],
        [.. points.Where(point => point.Angles is not null || point.Motion is not null || point.Followed is not null)]);
}

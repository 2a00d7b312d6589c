using System.Text.Json.Serialization;
using Ablation.Harness.Theory;

namespace Ablation.Harness.Training.Checkpoints;

/// <summary>One log point of a training.</summary>
/// <param name="Step">Optimiser steps done.</param>
/// <param name="Epoch">Epochs done, with a fraction.</param>
/// <param name="LearningRate">Of the last step.</param>
/// <param name="Loss">Mean since the previous log point.</param>
/// <param name="ImagesPerSecond">Since the previous log point, including decoding, augmentation and the step. Null if not measured:
/// history files do not have it.</param>
/// <param name="Angles">Of the last micro-batch; null at log points that do not measure them.</param>
/// <param name="Motion">Of the step, at log points that measure it; null at others, and in older files.</param>
/// <param name="Followed">Single numbers that the loss trains or follows, by name; null where it has none.</param>
public sealed record HistoryPoint(long Step, double Epoch, double LearningRate, double Loss, double? ImagesPerSecond = null,
    ProxyAngles? Angles = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ProxyMotion? Motion = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, double>? Followed = null)
{
    private object Rest => (Step, Epoch, LearningRate, Loss, ImagesPerSecond, Angles, Motion);

    /// <summary>Compares what is followed by content.</summary>
    public bool Equals(HistoryPoint? other) => other is not null && Rest.Equals(other.Rest) && Followed?.Count == other.Followed?.Count
        && (Followed is null || Followed.All(one => other.Followed!.TryGetValue(one.Key, out var value) && value.Equals(one.Value)));

    public override int GetHashCode() => Rest.GetHashCode();
}

using Ablation.Harness.Evaluation;
using Ablation.Harness.Training;
using Ablation.Losses;

namespace Ablation.Harness;

public enum TrialStatus
{
    Done,

    /// <summary>The loss became NaN or infinite; running it again would do the same.</summary>
    Diverged,
}

/// <summary>Hashes that tell whether two trials were paired: equal for trials that differ in the loss alone.</summary>
/// <param name="Weights">SHA-256 of the backbone's initial weights.</param>
/// <param name="Proxies">SHA-256 of the initial proxies.</param>
/// <param name="Batches">SHA-256 of the first batch: augmented pixels, labels, indices; null without training.</param>
public sealed record Pairing(string Weights, string Proxies, string? Batches);

/// <summary>A finished trial.</summary>
/// <param name="Head">How loss and proxies were computed; null for an untrained network and for a divergence.</param>
public sealed record TrialResult(string Id, string Label, TrialSpec Spec, TrialStatus Status, IReadOnlyList<Metric> Metrics,
    Pairing Pairing, long Steps, double? ImagesPerSecond, double? FinalLoss, int BadImages, HeadChoice? Head, Divergence? Divergence, Provenance Provenance)
{
    /// <summary>The share from which a reader is told.</summary>
    public const double NotableWait = 0.02;

    /// <summary>Share of the training's time in which the loop stood still because no batch was ready; null where it was not counted.</summary>
    public double? WaitedShare { get; init; }
}

/// <summary>A result with the raw material behind it.</summary>
public sealed record TrialOutput(TrialResult Result, IReadOnlyList<HistoryPoint> History, IReadOnlyList<PairScores> Scores);

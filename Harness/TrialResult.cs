using System.Text.Json.Serialization;
using Ablation.Harness.Metrics;
using Ablation.Harness.Protocols;
using Ablation.Harness.Provenance;
using Ablation.Harness.Theory;
using Ablation.Harness.Training;
using Ablation.Harness.Training.Checkpoints;
using Ablation.Losses.Heads;

namespace Ablation.Harness;

/// <summary>A finished trial.</summary>
/// <param name="Head">How loss and proxies were computed; null for an untrained network and for a divergence.</param>
public sealed record TrialResult(string Id, string Label, TrialSpec Spec, TrialStatus Status, IReadOnlyList<Metric> Metrics,
    Pairing Pairing, long Steps, double? ImagesPerSecond, double? FinalLoss, int BadImages, HeadChoice? Head, Divergence? Divergence,
        TrialProvenance Provenance)
{
    /// <summary>The smallest <see cref="WaitedShare"/> that reports mention.</summary>
    public const double NotableWait = 0.02;

    /// <summary>
    /// Share of the training's time in which the loop waited for a batch; null if not measured.
    /// </summary>
    public double? WaitedShare { get; init; }

    /// <summary>The suite's rule that ended the training; null if none did.</summary>
    public Stopped? Stopped { get; init; }

    /// <summary>
    /// Pieces that each micro-batch was cut into; above 1 after an attempt that ran out of memory. Batch statistics are then those of a
    /// piece.
    /// </summary>
    public int Split { get; init; } = 1;

    /// <summary>
    /// SHA-256 of the trained backbone and loss, parameters and buffers; null without training or if the loss became NaN.
    /// </summary>
    public string? Weights { get; init; }

    /// <summary>Overlap of each test with the training set; null for results of earlier versions.</summary>
    public IReadOnlyList<DataOverlap>? Overlaps { get; init; }

    /// <summary>Remarks on the data and the tests; null if there are none, and for results of earlier versions.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<DataNote>? Notes { get; init; }

    /// <summary>
    /// The paper's theory on the trained network; null without training, for a training that was not completed, and for results of earlier
    /// versions.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TheoryFigures? Theory { get; init; }

    /// <summary>SHA-256 of the files beside the result, by name: history, scores, trained weights; null for results of earlier
    /// versions.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? Files { get; init; }

    /// <summary>Describes how the trial ended: "done", "diverged at step 17", "at chance at step 500".</summary>
    public string Ending() => Status switch
    {
        TrialStatus.Done => "done",
        TrialStatus.AtChance => $"at chance at step {Stopped?.Step ?? Steps}",
        _ => $"diverged at step {Divergence?.Step ?? Stopped?.Step ?? Steps}",
    };
}

/// <summary>A result with its history and raw scores.</summary>
public sealed record TrialOutput(TrialResult Result, IReadOnlyList<HistoryPoint> History, IReadOnlyList<TestScores> Scores);

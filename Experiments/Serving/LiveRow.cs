using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Store;

namespace Ablation.Experiments.Serving;

/// <summary>One trial of a live page. Two rows are equal if they are shown alike, so that only what changed is sent.</summary>
/// <param name="Condition">Empty where the suite has only one.</param>
/// <param name="Stage">What is done with it.</param>
public sealed record LiveRow(string Id, string Loss, int Seed, string Condition, TrialStage Stage)
{
    /// <summary>What it does or how it ended, in words: "running", "evaluating", "done", "diverged".</summary>
    public string State { get; init; } = "";

    public long Step { get; init; }

    /// <summary>Of the whole training; 0 until it is known.</summary>
    public long Steps { get; init; }

    /// <summary>Mean at the last log point; null before the first.</summary>
    public double? TrainLoss { get; init; }

    public double? ImagesPerSecond { get; init; }

    /// <summary>Seconds until a running trial ends, or that a finished one took; null if unknown.</summary>
    public double? Seconds { get; init; }

    /// <summary>Accuracy of each test in percent, in the order of the suite: "91.4  88.0".</summary>
    public string Accuracy { get; init; } = "";

    /// <summary>Training loss as path data of a small drawing; empty without a curve.</summary>
    public string Curve { get; init; } = "";

    /// <summary>Why it failed, or what is unusual about it.</summary>
    public string Message { get; init; } = "";

    /// <summary>What a person asked for and the run has not done yet; null for nothing.</summary>
    public RequestKind? Asked { get; init; }

    /// <summary>Whether a process works on it.</summary>
    public bool IsRunning => Stage == TrialStage.Running;

    /// <summary>0 to 1.</summary>
    public double Share => Steps > 0 ? Math.Clamp((double)Step / Steps, 0, 1) : 0;

    /// <summary>The name of the row in the page.</summary>
    public string Name => $"row-{Id}";
}

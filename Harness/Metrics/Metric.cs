using System.Text.Json.Serialization;

namespace Ablation.Harness.Metrics;

/// <summary>
/// One figure with the name of its estimator. <see cref="Value"/> is null if the data cannot support it (printed n/a).
/// </summary>
/// <param name="Test">The protocol: "LFW".</param>
/// <param name="Name">The metric: "accuracy", "TAR@FAR=1e-3", "EER", "AUC", "rank-1".</param>
/// <param name="Estimator">How it was estimated: "10-fold, grid", "10-fold, exact", "conservative".</param>
/// <param name="Value">A share, 0 .. 1.</param>
/// <param name="FoldDeviation">Population deviation over the folds; null without folds.</param>
/// <param name="N">Pairs or probes that it was computed from.</param>
public sealed record Metric(string Test, string Name, string Estimator, double? Value, double? FoldDeviation, int N)
{
    /// <summary>95 % interval of one trial's figure; null if none was computed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Interval? Interval { get; init; }

    /// <summary>False for error rates.</summary>
    [JsonIgnore]
    public bool HigherIsBetter => Name != "EER" && !Name.StartsWith("FNIR", StringComparison.Ordinal);
}

/// <summary>A 95 % interval.</summary>
/// <param name="Kind">How it was found: "identity bootstrap, 1000 draws, seed 0", "over 10 draws".</param>
public sealed record Interval(double Low, double High, string Kind);

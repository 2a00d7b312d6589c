namespace Ablation.Harness.Evaluation;

/// <summary>The raw result of a pair protocol: squared Euclidean distance 2 - 2 cos (0 .. 4) a pair, its truth and its fold.</summary>
public sealed record PairScores(string Test, float[] SquaredDistance, bool[] Same, int[] Fold, int Folds);

/// <summary>One figure with the name of its estimator. <see cref="Value"/> is null where the data cannot support it (printed n/a).</summary>
/// <param name="Test">The protocol: "LFW".</param>
/// <param name="Name">The metric: "accuracy", "TAR@FAR=1e-3", "EER", "AUC".</param>
/// <param name="Estimator">How it was estimated: "10-fold, grid", "10-fold, exact", "conservative".</param>
/// <param name="Value">A share, 0 .. 1.</param>
/// <param name="FoldDeviation">Population deviation over the folds, where there are folds.</param>
/// <param name="N">Pairs that it rests on.</param>
public sealed record Metric(string Test, string Name, string Estimator, double? Value, double? FoldDeviation, int N)
{
    /// <summary>Larger is better, but for error rates.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool HigherIsBetter => Name != "EER";
}

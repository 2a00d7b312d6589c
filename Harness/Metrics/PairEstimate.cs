namespace Ablation.Harness.Metrics;

/// <summary>A figure of pairs.</summary>
/// <param name="Value">A share, 0 .. 1.</param>
/// <param name="FoldDeviation">Population deviation over the folds; null where there are none.</param>
public readonly record struct PairEstimate(double Value, double? FoldDeviation = null);

/// <summary>
/// Computes a figure with any weights of the pairs, as a bootstrap does; what follows from the scores alone was computed before, once.
/// </summary>
/// <param name="weights">Of each pair, 0 or more; null to count each once.</param>
/// <returns>Null where these pairs do not support the figure.</returns>
public delegate PairEstimate? WeightedFigure(long[]? weights);

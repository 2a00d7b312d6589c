namespace Ablation.Harness.Metrics;

/// <summary>The value of a figure of pairs.</summary>
/// <param name="Value">A share, 0 .. 1.</param>
/// <param name="FoldDeviation">Population deviation over the folds; null without folds.</param>
public readonly record struct PairEstimate(double Value, double? FoldDeviation = null);

/// <summary>
/// Computes a figure with any weights of the pairs, for a bootstrap; whatever depends only on the scores was computed once, before.
/// </summary>
/// <param name="weights">Of each pair, 0 or more; null to count each once.</param>
/// <returns>Null if these pairs do not support the figure.</returns>
public delegate PairEstimate? WeightedFigure(long[]? weights);

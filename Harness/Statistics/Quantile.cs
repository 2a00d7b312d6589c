namespace Ablation.Harness.Statistics;

/// <summary>Quantiles by linear interpolation between order statistics: Hyndman and Fan's type 7, NumPy's default.</summary>
internal static class Quantile
{
    /// <param name="rising">Sorted values, at least one.</param>
    /// <param name="share">0 .. 1.</param>
    public static double Compute(ReadOnlySpan<double> rising, double share)
    {
        var at = share * (rising.Length - 1);
        var below = (int)at;
        return below + 1 < rising.Length ? rising[below] + (at - below) * (rising[below + 1] - rising[below]) : rising[below];
    }
}

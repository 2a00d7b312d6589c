namespace Ablation.Harness.Metrics;

/// <summary>
/// The difference of one figure between two networks on one test, with the same persons drawn with replacement for both.
/// </summary>
/// <param name="Difference">Candidate minus baseline, with every person counted once.</param>
/// <param name="Interval">From the 2.5th to the 97.5th percentile of the draws' differences.</param>
/// <param name="P">
/// Two-sided: twice the smaller of (1 + draws with a difference of at most 0) and (1 + draws with a difference of at least 0), divided by
/// (draws + 1), at most 1. This is the level at which the percentile interval would just contain 0. B draws never give less than
/// 2 / (B + 1), so a correction over m comparisons needs B well above 40 m.
/// </param>
/// <remarks>Davison and Hinkley, "Bootstrap Methods and their Application", 1997, sections 4.2 and 5.3; Efron and Tibshirani, "An
/// Introduction to the Bootstrap", 1993, chapter 13.</remarks>
public sealed record BootstrapDifference(double Difference, Interval Interval, double P)
{
    private const double Rounding = 1e-12; // shares of equal counts may differ in their last bit

    /// <summary>Summarises the draws; null if more than 5 % of them have no value.</summary>
    /// <param name="drawn">The difference in each draw; NaN for a draw without one.</param>
    /// <param name="how">How it was drawn: "identity bootstrap, 2000 draws, seed 0".</param>
    internal static BootstrapDifference? FromDraws(double difference, double[] drawn, string how)
    {
        var values = drawn.Where(double.IsFinite).ToArray();
        var missing = drawn.Length - values.Length;
        if (values.Length == 0 || missing > IdentityBootstrap.MostWithoutValue * drawn.Length) return null;
        var (below, above) = (values.Count(value => value <= Rounding), values.Count(value => value >= -Rounding));
        var left = missing == 0 ? "" : $", {missing} draws without a value";
        return new BootstrapDifference(difference, PersonDraws.Interval(values, how + left),
            Math.Min(1, 2.0 * (1 + Math.Min(below, above)) / (values.Length + 1)));
    }
}

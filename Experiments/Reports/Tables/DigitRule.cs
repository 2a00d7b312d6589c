namespace Ablation.Experiments.Reports.Tables;

/// <summary>Chooses the decimals of a column: as many as its intervals support, and no more than its test can tell apart.</summary>
public static class DigitRule
{
    // a half-width of 9.5 or 0.95 prints as 10 or 1.0: beyond it one digit less is left
    private const double NoDecimal = 9.5, OneDecimal = 0.95;

    /// <summary>Returns percent with none, one or two decimals.</summary>
    /// <param name="halfWidths">Of the intervals in the column, as shares; two decimals without any.</param>
    /// <param name="cases">Pairs or probes of the test; 0 if unknown.</param>
    public static ValueFormat Percent(IEnumerable<double> halfWidths, int cases)
    {
        var rising = halfWidths.Select(half => 100 * half).Order().ToList();
        var byInterval = rising.Count == 0 ? 2 : Median(rising) switch { >= NoDecimal => 0, >= OneDecimal => 1, _ => 2 };
        // 10,000 cases differ by 0.01 %, 1,000 by 0.1 %, 100 by 1 %: a further digit tells no two results of one network apart
        var byCases = cases == 0 ? 2 : cases > 1000 ? 2 : cases > 100 ? 1 : 0;
        return ValueFormat.Percent with { Decimals = Math.Min(byInterval, byCases) };
    }

    private static double Median(List<double> rising) =>
        (rising[(rising.Count - 1) / 2] + rising[rising.Count / 2]) / 2;
}

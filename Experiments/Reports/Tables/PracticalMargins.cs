using Ablation.Experiments.Suites;

namespace Ablation.Experiments.Reports.Tables;

/// <summary>The practical margins that a suite declares, by the metrics of its tables.</summary>
public static class PracticalMargins
{
    /// <summary>Returns the margin of a column as a share; null if the suite declares none for its metric.</summary>
    public static double? Of(Suite suite, ResultColumn column) =>
        suite.Practical?.FirstOrDefault(margin => margin.Metric == column.Metric)?.Points / ValueFormat.Percent.Scale;
}

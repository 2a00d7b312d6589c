using Ablation.Harness.Evaluation;

namespace Ablation.Experiments.Reports;

/// <summary>Which figures of a trial's scores stand in which table.</summary>
internal static class TableMetrics
{
    /// <summary>
    /// All figures of each test, in a table of its own. Of a low-resolution test, whose every pair of resolutions is a test with all figures, one table shows them side by side:
    /// a column a pair, accuracy on the grid alone. The others are in the scores.
    /// </summary>
    public static IEnumerable<Metric> Of(IEnumerable<TestScores> scores, IReadOnlyList<Metric> metrics)
    {
        var byTest = metrics.ToLookup(metric => metric.Test);
        return scores.OrderBy(part => Place(part)).SelectMany(part => part is PairScores pairs && LowResolutionTest.CellOf(pairs) is { } cell
            ? byTest[part.Test].Where(IsShown).Take(1).Select(metric => metric with { Test = cell.Test, Name = $"accuracy {cell.Cell}" })
            : byTest[part.Test]);
    }

    /// <summary>The name of the table that scores stand in.</summary>
    public static string TableOf(TestScores scores) => scores is PairScores pairs && LowResolutionTest.CellOf(pairs) is { } cell ? cell.Test : scores.Test;

    /// <summary>Cells from the largest resolution down, stored pictures first; everything else as it stands.</summary>
    private static (int Gallery, int Probe) Place(TestScores scores) =>
        scores is PairScores { GalleryPixels: { } gallery, ProbePixels: { } probe } ? (Falling(gallery), Falling(probe)) : (int.MinValue, 0);

    private static int Falling(int pixels) => pixels == LowResolutionTest.Native ? int.MinValue : -pixels;

    private static bool IsShown(Metric metric) => metric.Name == "accuracy" && metric.Estimator.Contains("grid", StringComparison.Ordinal);
}

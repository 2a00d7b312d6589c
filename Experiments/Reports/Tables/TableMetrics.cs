using Ablation.Harness.Metrics;
using Ablation.Harness.Protocols;

namespace Ablation.Experiments.Reports.Tables;

/// <summary>Assigns the figures of a trial's scores to tables.</summary>
internal static class TableMetrics
{
    private const int MostColumns = 12;

    /// <summary>
    /// Returns all figures of each test, in its own table. In a low-resolution test every pair of resolutions is a test with all figures;
    /// tables show only accuracy on the grid, pair beside pair, in one table or one per gallery resolution if there are many. The other
    /// figures are in the scores.
    /// </summary>
    public static IEnumerable<Metric> Select(IReadOnlyList<TestScores> scores, IReadOnlyList<Metric> metrics)
    {
        var byTest = metrics.ToLookup(metric => metric.Test);
        return scores.OrderBy(Place).SelectMany(part => part is PairScores pairs && LowResolutionTest.CellOf(pairs) is { } cell
            ? byTest[part.Test].Where(IsShown).Take(1)
            .Select(metric => metric with { Test = TableOf(part, scores), Name = $"accuracy {cell.Cell}" })
            : byTest[part.Test]);
    }

    /// <summary>Returns the name of the table that shows the scores.</summary>
    /// <param name="all">All scores of the trial.</param>
    public static string TableOf(TestScores scores, IReadOnlyList<TestScores> all)
    {
        if (scores is not PairScores pairs || LowResolutionTest.CellOf(pairs) is not { } cell) return scores.Test;
        var isWide = all.OfType<PairScores>().Count(other => LowResolutionTest.CellOf(other)?.Test == cell.Test) > MostColumns;
        return isWide ? $"{cell.Test}, gallery {cell.Gallery} px" : cell.Test;
    }

    /// <summary>Sorts cells from the largest resolution down, stored pictures first; keeps the order of everything else.</summary>
    private static (int Gallery, int Probe) Place(TestScores scores) =>
        scores is PairScores { GalleryPixels: { } gallery, ProbePixels: { } probe }
        ? (Falling(gallery), Falling(probe)) : (int.MinValue, 0);

    private static int Falling(int pixels) => pixels == LowResolutionTest.Native ? int.MinValue + 1 : -pixels;

    private static bool IsShown(Metric metric) => metric.Name == "accuracy" && metric.Estimator.Contains("grid", StringComparison.Ordinal);
}

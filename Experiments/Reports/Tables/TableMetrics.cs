using Ablation.Harness.Metrics;
using Ablation.Harness.Protocols;

namespace Ablation.Experiments.Reports.Tables;

/// <summary>Assigns the figures of a trial's scores to tables.</summary>
internal static class TableMetrics
{
    private const int MostColumns = 12;

    /// <summary>
    /// Returns all figures of each test, in its own table. In a low-resolution test every pair of resolutions is a test with all figures;
    /// tables show one of them, pair beside pair, in one table or one per gallery resolution if there are many: accuracy on the grid, or
    /// rank-1 among the most distractors. The other figures are in the scores.
    /// </summary>
    public static IEnumerable<Metric> Select(IReadOnlyList<TestScores> scores, IReadOnlyList<Metric> metrics)
    {
        var byTest = metrics.ToLookup(metric => metric.Test);
        return scores.OrderBy(Place).SelectMany(part => LowResolutionTest.CellOf(part) is { } cell
            ? Shown(byTest[part.Test]).Select(metric => metric with { Test = TableOf(part, scores), Name = $"{metric.Name} {cell.Cell}" })
            : byTest[part.Test]);
    }

    /// <summary>Returns the name of the table that shows the scores.</summary>
    /// <param name="all">All scores of the trial.</param>
    public static string TableOf(ITestPart scores, IReadOnlyList<ITestPart> all)
    {
        if (LowResolutionTest.CellOf(scores) is not { } cell) return scores.Test;
        var isWide = all.Count(other => LowResolutionTest.CellOf(other)?.Test == cell.Test) > MostColumns;
        return isWide ? $"{cell.Test}, gallery {cell.Gallery} px" : cell.Test;
    }

    /// <summary>Sorts cells from the largest resolution down, stored pictures first; keeps the order of everything else.</summary>
    private static (int Gallery, int Probe) Place(TestScores scores) =>
        scores is { GalleryPixels: { } gallery, ProbePixels: { } probe }
        ? (Falling(gallery), Falling(probe)) : (int.MinValue, 0);

    private static int Falling(int pixels) => pixels == LowResolutionTest.Native ? int.MinValue + 1 : -pixels;

    private static IEnumerable<Metric> Shown(IEnumerable<Metric> metrics)
    {
        var all = metrics.ToList();
        var accuracy = all.Find(metric => metric.Name == "accuracy" && metric.Estimator.Contains("grid", StringComparison.Ordinal));
        return (accuracy ?? all.FindLast(metric => metric.Name == "rank-1" || metric.Name.StartsWith("rank-1 @", StringComparison.Ordinal)))
            is { } shown ? [shown] : [];
    }
}

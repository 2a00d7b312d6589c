namespace Ablation.Harness.Metrics;

/// <summary>
/// The area under the straight lines between the points of the ROC. It is the chance that a genuine pair is closer than an impostor
/// pair, where a tie counts half (Mann-Whitney U / pairs of pairs).
/// </summary>
public static class AreaUnderCurve
{
    /// <summary>Computes the area below the curve; 0 .. 1.</summary>
    internal static double Area(IReadOnlyList<RocPoint> points)
    {
        var (area, before) = (0.0, points[0]);
        foreach (var point in points as RocPoint[] ?? [.. points])
        {
            area += (point.Far - before.Far) * (point.Tar + before.Tar) / 2;
            before = point;
        }

        return area;
    }
}

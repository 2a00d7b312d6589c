namespace Ablation.Harness.Metrics;

/// <summary>
/// The chance that a genuine pair is closer than an impostor pair, a tie counting half (Mann-Whitney U / pairs of pairs),
/// which is the area under the straight lines between the points of the ROC.
/// </summary>
public static class AreaUnderCurve
{
    /// <summary>The area below the curve; 0 .. 1.</summary>
    internal static double Area(IReadOnlyList<RocPoint> points)
    {
        var area = 0.0;
        for (var i = 1; i < points.Count; i++)
            area += (points[i].Far - points[i - 1].Far) * (points[i].Tar + points[i - 1].Tar) / 2;
        return area;
    }
}

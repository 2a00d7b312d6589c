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
        var area = 0.0;
        for (var i = 1; i < points.Count; i++)
            area += (points[i].Far - points[i - 1].Far) * (points[i].Tar + points[i - 1].Tar) / 2;
        return area;
    }
}

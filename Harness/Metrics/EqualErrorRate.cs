namespace Ablation.Harness.Metrics;

/// <summary>The error rate at the threshold where the false accept rate equals the false reject rate.</summary>
public static class EqualErrorRate
{
    /// <summary>Finds where the straight lines between ROC points cross FAR = 1 - TAR.</summary>
    internal static double Crossing(IReadOnlyList<RocPoint> points)
    {
        var next = 1; // the curve starts at (0, 0), below the crossing, and ends at (1, 1), above it
        while (Excess(points[next]) < 0) next++;
        var (before, after) = (points[next - 1], points[next]);
        var part = -Excess(before) / (Excess(after) - Excess(before));
        return before.Far + part * (after.Far - before.Far);
    }

    /// <summary>FAR minus FRR; rises along the curve from -1 to 1.</summary>
    private static double Excess(RocPoint point) => point.Far + point.Tar - 1;
}

using System.Collections.Concurrent;

namespace Ablation.Harness.Metrics;

/// <summary>True accept rate at a false accept rate.</summary>
public static class TarAtFar
{
    private static readonly ConcurrentDictionary<double, string> Names = []; // of a few rates, asked for by every trial of a report

    /// <summary>
    /// Returns the highest TAR whose FAR is at most <paramref name="far"/> (0 &lt; far &lt;= 1). Null if the rate amounts to less than one
    /// impostor pair: these pairs cannot measure it.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The rate is outside 0 .. 1, or 0.</exception>
    public static double? At(this RocCurve roc, double far)
    {
        RequireShare(far);
        if (far < 1.0 / roc.Impostors) return null;

        // neither rate falls along the curve, so the last point allowed has the highest TAR
        var points = roc.Span;
        int low = 0, high = points.Length - 1;
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (points[middle].Far <= far) low = middle;
            else high = middle - 1;
        }

        return points[low].Tar;
    }

    /// <summary>
    /// Returns the TAR of the ROC point whose FAR is nearest to <paramref name="far"/>, above or below, as the scripts of IJB print it. Of
    /// equally near points it takes the one with the larger FAR, and of points with equal FAR the one with the highest TAR; those scripts
    /// search from the end of the curve.
    /// </summary>
    /// <remarks>The points are the corners (<see cref="RocCurve"/>). scikit-learn's roc_curve, which those scripts call, keeps the same
    /// ones where no scores are tied.</remarks>
    /// <inheritdoc cref="At"/>
    public static double? Nearest(this RocCurve roc, double far)
    {
        RequireShare(far);
        if (far < 1.0 / roc.Impostors) return null;
        var nearest = roc.Points[0];
        foreach (var point in roc.Span)
        {
            if (Math.Abs(point.Far - far) <= Math.Abs(nearest.Far - far)) nearest = point;
        }

        return nearest.Tar;
    }

    /// <summary>
    /// Returns the TAR where the straight lines between ROC points have exactly the FAR <paramref name="far"/>; on a vertical line, its
    /// upper end.
    /// </summary>
    /// <inheritdoc cref="At"/>
    public static double? Interpolated(this RocCurve roc, double far)
    {
        RequireShare(far);
        if (far < 1.0 / roc.Impostors) return null;
        var next = 0; // the first point beyond
        while (next < roc.Points.Count && roc.Points[next].Far <= far) next++;
        var before = roc.Points[next - 1];
        if (next == roc.Points.Count) return before.Tar;
        var after = roc.Points[next];
        return before.Tar + (far - before.Far) / (after.Far - before.Far) * (after.Tar - before.Tar);
    }

    /// <summary>Writes a rate as "1e-3" or "5e-4".</summary>
    public static string Name(double far)
    {
        RequireShare(far);
        return Names.GetOrAdd(far, rate => rate.ToString("0.##############e0"));
    }

    private static void RequireShare(double far)
    {
        if (!(far > 0 && far <= 1)) throw new ArgumentOutOfRangeException(nameof(far), far, "a false accept rate is above 0 and at most 1");
    }
}

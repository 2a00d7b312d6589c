namespace Ablation.Harness.Metrics;

/// <summary>True accept rate at a false accept rate.</summary>
public static class TarAtFar
{
    /// <summary>
    /// The highest TAR whose FAR is at most <paramref name="far"/> (0 &lt; far &lt;= 1). Null below one impostor pair in all:
    /// such a rate cannot be measured with these pairs.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The rate is no share above 0.</exception>
    public static double? At(this RocCurve roc, double far)
    {
        RequireShare(far);
        if (far < 1.0 / roc.Impostors) return null;

        // both rates never fall along the curve: the last point still allowed has the highest TAR
        int low = 0, high = roc.Points.Count - 1;
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (roc.Points[middle].Far <= far) low = middle;
            else high = middle - 1;
        }

        return roc.Points[low].Tar;
    }

    /// <summary>
    /// The TAR of the ROC point whose FAR is nearest to <paramref name="far"/>, be it above or below: what the scripts of IJB print. Of
    /// points equally near, the one with the larger FAR, and of points with one FAR, the one with the highest TAR, as those scripts find it
    /// by searching from the far end.
    /// </summary>
    /// <remarks>The points are the corners (<see cref="RocCurve"/>). scikit-learn's roc_curve, which those scripts call, keeps the same
    /// ones where no scores are tied.</remarks>
    /// <inheritdoc cref="At"/>
    public static double? Nearest(this RocCurve roc, double far)
    {
        RequireShare(far);
        if (far < 1.0 / roc.Impostors) return null;
        var nearest = roc.Points[0];
        foreach (var point in roc.Points)
        {
            if (Math.Abs(point.Far - far) <= Math.Abs(nearest.Far - far)) nearest = point;
        }

        return nearest.Tar;
    }

    /// <summary>
    /// The TAR at which the straight lines between ROC points have exactly the FAR <paramref name="far"/>; where they rise there, their
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

    /// <summary>"1e-3", "5e-4".</summary>
    public static string Name(double far)
    {
        RequireShare(far);
        return far.ToString("0.##############e0");
    }

    private static void RequireShare(double far)
    {
        if (!(far > 0 && far <= 1)) throw new ArgumentOutOfRangeException(nameof(far), far, "a false accept rate is above 0 and at most 1");
    }
}

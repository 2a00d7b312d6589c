namespace Ablation.Harness.Evaluation;

/// <summary>True accept rate at a false accept rate.</summary>
public static class TarAtFar
{
    /// <summary>The metric "TAR@FAR=1e-3", estimator "conservative"; see <see cref="At"/>.</summary>
    public static Metric Conservative(PairScores scores, RocCurve? roc, double far) =>
        new(scores.Test, $"TAR@FAR={Name(far)}", "conservative", roc?.At(far), null, scores.Same.Length);

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

    /// <summary>"1e-3", "5e-4".</summary>
    public static string Name(double far)
    {
        RequireShare(far);
        return far.ToString("0.##############e0", System.Globalization.CultureInfo.InvariantCulture);
    }

    private static void RequireShare(double far)
    {
        if (!(far > 0 && far <= 1)) throw new ArgumentOutOfRangeException(nameof(far), far, "a false accept rate is above 0 and at most 1");
    }
}

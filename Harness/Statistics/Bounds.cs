namespace Ablation.Harness.Statistics;

/// <summary>The two ends of an interval, in the units of its figure. They need not lie equally far from the estimate.</summary>
public readonly record struct Bounds(double Low, double High)
{
    /// <summary>Whether a value lies outside.</summary>
    public bool Excludes(double value) => value < Low || value > High;

    /// <summary>Whether the whole interval lies nearer to 0 than <paramref name="margin"/>.</summary>
    public bool IsWithin(double margin) => Low > -margin && High < margin;

    /// <summary>Returns centre +- half.</summary>
    public static Bounds Around(double centre, double half) => new(centre - half, centre + half);

    /// <summary>
    /// Returns the interval of a share. An end beyond 0 or 1 is taken on the logit scale, where the same standard error is that of the
    /// logit (delta method), so that it stays inside; a share of exactly 0 or 1 has no logit, and its interval ends there.
    /// </summary>
    /// <param name="share">0 .. 1.</param>
    public static Bounds OfShare(double share, double half)
    {
        if (share is <= 0 or >= 1) return new Bounds(Math.Clamp(share - half, 0, 1), Math.Clamp(share + half, 0, 1));
        var (logit, step) = (Math.Log(share / (1 - share)), half / (share * (1 - share)));
        return new Bounds(share - half < 0 ? Logistic(logit - step) : share - half,
            share + half > 1 ? Logistic(logit + step) : share + half);
    }

    /// <summary>
    /// Returns the interval of a difference of two shares. An end beyond -1 or 1 is taken on the scale of the inverse hyperbolic tangent.
    /// Only ends on the far side of 0 move, so whether the interval holds 0 is not changed.
    /// </summary>
    /// <param name="difference">-1 .. 1.</param>
    public static Bounds OfShareDifference(double difference, double half)
    {
        if (difference is <= -1 or >= 1)
            return new Bounds(Math.Clamp(difference - half, -1, 1), Math.Clamp(difference + half, -1, 1));
        var (place, step) = (Math.Atanh(difference), half / (1 - difference * difference));
        return new Bounds(difference - half < -1 ? Math.Tanh(place - step) : difference - half,
            difference + half > 1 ? Math.Tanh(place + step) : difference + half);
    }

    private static double Logistic(double x) => 1 / (1 + Math.Exp(-x));
}

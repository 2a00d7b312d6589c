namespace Ablation.Harness.Statistics;

/// <summary>The two ends of an interval, in the units of its figure. They need not lie equally far from the estimate.</summary>
public readonly record struct Bounds(double Low, double High)
{
    /// <summary>Whether a value lies outside.</summary>
    public bool Excludes(double value) => value < Low || value > High;

    /// <summary>Whether the whole interval lies nearer to 0 than <paramref name="margin"/>.</summary>
    public bool IsWithin(double margin) => Low > -margin && High < margin;
}

namespace Ablation.Harness.Statistics;

/// <summary>What every verdict keeps to.</summary>
public static class Decision
{
    /// <summary>The chance of any false verdict in a table, and of an interval that misses the truth.</summary>
    public const double Level = 0.05;

    /// <summary>Fewer seeds give no verdict: with two the scatter is borrowed to four fifths.</summary>
    public const int FewestSeeds = 3;
}

namespace Ablation.Experiments.Reports.Micro;

public enum MicroVerdict
{
    /// <summary>The intervals overlap, or the medians are within the smallest difference that counts.</summary>
    Noise,
    Faster,
    Slower,

    /// <summary>One of the two files lacks the row.</summary>
    Unmatched,
}

/// <summary>One measurement in two files.</summary>
/// <param name="Change">New ratio to the floor over the old one, less 1; null if a file lacks the row.</param>
public sealed record MicroChange(MicroKey Key, MicroRow? Before, MicroRow? Now, double? Change, MicroVerdict Verdict);

/// <summary>
/// Distinguishes a regression from noise. Compares the ratio to the floor, which is measured beside each iteration, so that other load on
/// the machine is not a regression. A change counts if the intervals of the medians do not overlap and the medians differ by more than
/// <see cref="Least"/>.
/// </summary>
public static class MicroComparison
{
    /// <summary>The smallest change that counts.</summary>
    public const double Least = 0.05;

    public static IReadOnlyList<MicroChange> Compare(IReadOnlyList<MicroRow> before, IReadOnlyList<MicroRow> now)
    {
        var earlier = before.ToDictionary(row => row.Key);
        return [.. now.Select(row => Compare(row.Key, earlier.GetValueOrDefault(row.Key), row))];
    }

    private static MicroChange Compare(MicroKey key, MicroRow? before, MicroRow now)
    {
        if (before is null) return new MicroChange(key, null, now, null, MicroVerdict.Unmatched);
        var change = now.Ratio.Median / before.Ratio.Median - 1;
        var verdict = change > Least && now.Ratio.Low > before.Ratio.High ? MicroVerdict.Slower
            : change < -Least && now.Ratio.High < before.Ratio.Low ? MicroVerdict.Faster
            : MicroVerdict.Noise;
        return new MicroChange(key, before, now, change, verdict);
    }
}

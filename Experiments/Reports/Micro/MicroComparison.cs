namespace Ablation.Experiments.Reports.Micro;

public enum MicroVerdict
{
    /// <summary>The intervals overlap, or the medians are within the smallest difference that counts.</summary>
    Noise,
    Faster,
    Slower,

    /// <summary>One of the two files does not have the row.</summary>
    Unmatched,
}

/// <summary>One measurement in two files.</summary>
/// <param name="Change">Ratio to the floor now over the one before, less 1; null where a file lacks the row.</param>
public sealed record MicroChange(MicroKey Key, MicroRow? Before, MicroRow? Now, double? Change, MicroVerdict Verdict);

/// <summary>
/// Tells a regression from noise. What is compared is the ratio to the floor, which was measured beside each iteration, so that a
/// slower hour of a shared machine is none; a change counts when the intervals of the medians lie apart and the medians differ by
/// more than <see cref="Least"/>.
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

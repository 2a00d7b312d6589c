namespace Ablation.Harness.Statistics;

/// <summary>
/// Holm's step-down correction: keeps the chance of any false finding among all tests of a table below the level.
/// </summary>
/// <remarks>S. Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6, 1979.</remarks>
public static class Holm
{
    /// <summary>Adjusts p values, in the order given. Null (no test was possible) stays null and does not count as a test.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A p value is NaN or outside 0 .. 1.</exception>
    public static IReadOnlyList<double?> Adjust(IReadOnlyList<double?> pValues)
    {
        if (pValues.FirstOrDefault(p => !(p is null or (>= 0 and <= 1))) is { } wrong)
            throw new ArgumentOutOfRangeException(nameof(pValues), wrong, "a p value is 0 .. 1");

        var ascending = Enumerable.Range(0, pValues.Count).Where(i => pValues[i] is not null).OrderBy(i => pValues[i]).ToList();
        var adjusted = new double?[pValues.Count];
        var running = 0.0;
        for (var rank = 0; rank < ascending.Count; rank++)
        {
            running = Math.Max(running, Math.Min(1, (ascending.Count - rank) * pValues[ascending[rank]]!.Value));
            adjusted[ascending[rank]] = running;
        }

        return adjusted;
    }
}

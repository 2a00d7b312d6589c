namespace Ablation.Harness.Statistics;

/// <summary>A loss less the baseline, seed by seed: both had the same start, batches and augmentation.</summary>
/// <param name="Seeds">The common seeds, rising.</param>
/// <param name="Mean">Null without a common seed.</param>
/// <param name="Variance">Sample variance, 0 if the differences vary by rounding only; null below two seeds.</param>
/// <param name="Rounding">Differences up to this size are rounding: 0.97 - 0.96 and 0.98 - 0.97 differ in their last bit.</param>
/// <param name="Signs">Null below two seeds.</param>
internal sealed record SeedDifference(IReadOnlyList<int> Seeds, double? Mean, double? Variance, double Rounding, SeedSigns? Signs)
{
    public int N => Seeds.Count;

    /// <exception cref="ArgumentException">A value is NaN or infinite.</exception>
    public static SeedDifference Of(IReadOnlyDictionary<int, double> candidate, IReadOnlyDictionary<int, double> baseline)
    {
        List<int> seeds = [.. candidate.Keys.Where(baseline.ContainsKey).Order()];
        if (seeds.Count == 0) return new SeedDifference([], null, null, 0, null);
        var rounding = 10 * Math.Pow(2, -52) * seeds.Max(seed => Math.Max(Math.Abs(candidate[seed]), Math.Abs(baseline[seed])));
        var differences = seeds.ConvertAll(seed => candidate[seed] - baseline[seed]);
        var sample = Sample.Summarise(differences);
        var deviation = sample.Deviation <= rounding ? 0 : sample.Deviation;
        return new SeedDifference(seeds, sample.Mean, deviation * deviation, rounding,
            seeds.Count < 2 ? null : SeedSigns.Count(differences, rounding));
    }
}

/// <summary>The numbers of seeds in which the candidate is above the baseline, below it, and equal to it.</summary>
public sealed record SeedSigns(int Above, int Below, int Equal)
{
    /// <param name="differences">Candidate minus baseline.</param>
    /// <param name="rounding">Differences up to this size count as 0.</param>
    public static SeedSigns Count(IReadOnlyCollection<double> differences, double rounding) =>
        new(differences.Count(difference => difference > rounding), differences.Count(difference => difference < -rounding),
            differences.Count(difference => Math.Abs(difference) <= rounding));

    /// <summary>Returns "4 won, 1 lost", with ties if there are any.</summary>
    public string Text(bool higherIsBetter)
    {
        var (won, lost) = higherIsBetter ? (Above, Below) : (Below, Above);
        return $"{won} won, {lost} lost" + (Equal > 0 ? $", {Equal} tied" : "");
    }
}

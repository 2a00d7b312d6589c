using MathNet.Numerics.Distributions;

namespace Ablation.Harness.Statistics;

/// <summary>
/// A candidate against the baseline, paired by seed. Seed k gave both the same initial weights, batches and augmentation, so its effect on
/// both cancels in the difference.
/// </summary>
/// <param name="N">Number of seeds that both have.</param>
/// <param name="Unpaired">Number of seeds that only one of them has; they are omitted.</param>
/// <param name="MeanDifference">Candidate minus baseline; null without a common seed.</param>
/// <param name="HalfWidth">Half of the 95 % t interval of the difference; null below two seeds.</param>
/// <param name="TTestP">Two-sided paired t test. Null below two seeds, or if the differences are equal and not 0 (t has no value); 1 if
/// all are 0.</param>
/// <param name="WilcoxonP">Two-sided, exact (<see cref="WilcoxonSignedRank"/>); null below two seeds.</param>
public sealed record PairedComparison(int N, int Unpaired, double? MeanDifference, double? HalfWidth, double? TTestP, double? WilcoxonP)
{
    /// <summary>Sample deviation of the differences; null below two seeds, 0 if they differ only by rounding.</summary>
    public double? Deviation { get; init; }

    /// <summary>Numbers of seeds with the candidate above and below; null below two seeds.</summary>
    public SeedSigns? Signs { get; init; }

    /// <param name="candidate">Value by seed.</param>
    /// <param name="baseline">Value by seed.</param>
    /// <exception cref="ArgumentException">A value is NaN or infinite.</exception>
    public static PairedComparison Compare(IReadOnlyDictionary<int, double> candidate, IReadOnlyDictionary<int, double> baseline)
    {
        var seeds = candidate.Keys.Where(baseline.ContainsKey).Order().ToList();
        var unpaired = candidate.Count + baseline.Count - 2 * seeds.Count;
        if (seeds.Count == 0) return new PairedComparison(0, unpaired, null, null, null, null);

        var magnitude = seeds.Max(seed => Math.Max(Math.Abs(candidate[seed]), Math.Abs(baseline[seed])));
        var differences = seeds.ConvertAll(seed => candidate[seed] - baseline[seed]);
        var sample = Sample.Summarise(differences);
        // 0.97 - 0.96 and 0.98 - 0.97 differ in their last bit: a deviation of that size is rounding, not a finding
        var rounding = 10 * Math.Pow(2, -52) * magnitude;
        return sample.N < 2
            ? new PairedComparison(1, unpaired, sample.Mean, null, null, null)
            : new PairedComparison(sample.N, unpaired, sample.Mean, sample.HalfWidth, TTest(sample, rounding),
                WilcoxonSignedRank.PValue(differences, rounding))
            {
                Deviation = sample.Deviation <= rounding ? 0 : sample.Deviation,
                Signs = SeedSigns.Count(differences, rounding),
            };
    }

    private static double? TTest(Sample differences, double rounding)
    {
        if (differences.Deviation <= rounding) return Math.Abs(differences.Mean) <= rounding ? 1 : null;
        var t = differences.Mean / (differences.Deviation!.Value / Math.Sqrt(differences.N));
        return 2 * StudentT.CDF(0, 1, differences.N - 1, -Math.Abs(t));
    }
}

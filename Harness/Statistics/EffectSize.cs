using MathNet.Numerics;

namespace Ablation.Harness.Statistics;

/// <summary>
/// A difference in units of its deviation over seeds. It measures how clearly the seeds show a difference, not how important it is.
/// </summary>
/// <param name="Dz">Cohen's d_z: mean difference over the sample deviation of the differences.</param>
/// <param name="Unbiased">d_z with Hedges' exact correction, which removes the bias of few seeds; null for two seeds, where no correction
/// exists.</param>
/// <param name="Low">Lower end of the exact 95 % interval of d_z.</param>
/// <param name="High">Its upper end.</param>
/// <remarks>
/// Cohen 1988, section 2.3.5; L. V. Hedges, "Distribution theory for Glass's estimator of effect size and related estimators", Journal of
/// Educational Statistics 6, 1981, with n - 1 degrees of freedom. Interval: the noncentralities under which the observed t is the 97.5th
/// and the 2.5th percentile, over the root of n (Cumming and Finch, Educational and Psychological Measurement 61, 2001).
/// </remarks>
public sealed record EffectSize(double Dz, double? Unbiased, double Low, double High)
{
    /// <summary>Computes it; null below two seeds, or if the differences do not vary.</summary>
    public static EffectSize? Compute(PairedComparison comparison)
    {
        if (comparison is not { N: >= 2, MeanDifference: { } mean, Deviation: > 0 and { } deviation }) return null;
        var (n, dz) = (comparison.N, mean / deviation);
        var root = Math.Sqrt(n);
        return new EffectSize(dz, Correction(n - 1) * dz, Noncentrality(dz * root, n - 1, (1 + Sample.Confidence) / 2) / root,
            Noncentrality(dz * root, n - 1, (1 - Sample.Confidence) / 2) / root);
    }

    /// <summary>
    /// Hedges' J: Gamma(nu / 2) / (sqrt(nu / 2) Gamma((nu - 1) / 2)); null for one degree of freedom, where d has no mean.
    /// </summary>
    internal static double? Correction(int degreesOfFreedom) => degreesOfFreedom < 2 ? null
        : Math.Exp(SpecialFunctions.GammaLn(degreesOfFreedom / 2.0) - SpecialFunctions.GammaLn((degreesOfFreedom - 1) / 2.0))
        / Math.Sqrt(degreesOfFreedom / 2.0);

    /// <summary>Finds the noncentrality for which <paramref name="t"/> is the given percentile; a larger one gives a smaller
    /// probability.</summary>
    private static double Noncentrality(double t, int degreesOfFreedom, double probability)
    {
        double low = t - 1, high = t + 1, step = 1;
        for (; NoncentralT.CumulativeProbability(t, degreesOfFreedom, low) < probability; step *= 2) low -= step;
        for (step = 1; NoncentralT.CumulativeProbability(t, degreesOfFreedom, high) > probability; step *= 2) high += step;
        while (high - low > 1e-13 * Math.Max(1, Math.Abs(low) + Math.Abs(high)))
        {
            var middle = (low + high) / 2;
            if (NoncentralT.CumulativeProbability(t, degreesOfFreedom, middle) > probability) low = middle;
            else high = middle;
        }

        return (low + high) / 2;
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

namespace Ablation.Harness.Statistics;

/// <summary>
/// The strength of a comparison over seeds: the size of its effect, the seeds needed to find it again, and the smallest difference that
/// these seeds could have found.
/// </summary>
/// <param name="Effect">Null below two seeds, or if the differences do not vary.</param>
/// <param name="Seeds">Number of paired seeds that find the observed difference, with the observed deviation, at power 0.8 and level 0.05;
/// null if <paramref name="Effect"/> is, or the difference is 0.</param>
/// <param name="SeedsInTable">The same at level 0.05 / m, m the comparisons of the table: Holm's level for the clearest of them.</param>
/// <param name="SmallestDifference">The smallest true difference that the given seeds find at power 0.8 and level 0.05, in units of the
/// metric; null if <paramref name="Effect"/> is.</param>
/// <param name="SmallestInTable">The same at level 0.05 / m.</param>
/// <remarks>
/// The deviation, and so the numbers of seeds, are estimates from a few seeds: with five seeds the deviation's 95 % interval is 0.6 to 2.9
/// times its value, and the number of seeds grows with its square. Use them for planning, not as evidence: the power at the observed
/// difference adds nothing to p (Hoenig and Heisey, The American Statistician 55, 2001).
/// </remarks>
public sealed record Strength(EffectSize? Effect, NeededSeeds? Seeds, NeededSeeds? SeedsInTable, double? SmallestDifference,
    double? SmallestInTable)
{
    /// <param name="comparisons">Number of comparisons in the table, at least 1.</param>
    public static Strength Compute(PairedComparison comparison, int comparisons)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(comparisons, 1);
        var effect = EffectSize.Compute(comparison);
        if (effect is null) return new Strength(null, null, null, null, null);
        var corrected = Judgement.Level / comparisons;
        return new Strength(effect, TTestPower.SeedsNeeded(effect.Dz), TTestPower.SeedsNeeded(effect.Dz, corrected),
            TTestPower.SmallestEffect(comparison.N) * comparison.Deviation,
                TTestPower.SmallestEffect(comparison.N, corrected) * comparison.Deviation);
    }
}

namespace Ablation.Harness.Statistics;

/// <summary>
/// How strong a comparison over seeds is: how clear its difference, what it would take to find it again, and what these seeds could have
/// found.
/// </summary>
/// <param name="Effect">Null below two seeds, and where the differences do not vary.</param>
/// <param name="Seeds">Paired seeds that find the observed difference, with the observed deviation, at power 0.8 and level 0.05; null where
/// <paramref name="Effect"/> is, or the difference is 0.</param>
/// <param name="SeedsInTable">The same at level 0.05 / m, m the comparisons of the table: what Holm asks of the clearest of them.</param>
/// <param name="SmallestDifference">The smallest true difference that the seeds there find at power 0.8 and level 0.05, in units of the
/// metric; null where <paramref name="Effect"/> is.</param>
/// <param name="SmallestInTable">The same at level 0.05 / m.</param>
/// <remarks>
/// The deviation is an estimate from a few seeds, and so are the numbers of seeds: with five seeds its 95 % interval reaches from 0.6 to
/// 2.9 times its value, and seeds go with its square. For planning, not as evidence: the power at the observed difference adds nothing to
/// p (Hoenig and Heisey, The American Statistician 55, 2001).
/// </remarks>
public sealed record Strength(EffectSize? Effect, NeededSeeds? Seeds, NeededSeeds? SeedsInTable, double? SmallestDifference,
    double? SmallestInTable)
{
    /// <param name="comparisons">Tests of the table, at least 1.</param>
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

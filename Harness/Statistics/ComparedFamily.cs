using MathNet.Numerics.Distributions;

namespace Ablation.Harness.Statistics;

/// <summary>The comparisons that one decision covers: those of a primary column.</summary>
/// <param name="Losses">m, the losses compared with the baseline; at least 1.</param>
/// <param name="Columns">P, the primary columns of the table; the level of each is 0.05 / P.</param>
/// <param name="IsSidak">Whether Sidak's value stands for Dunnett's. Losses lack seeds that others have, so that their differences do not
/// correlate by 1/2; Sidak's inequality holds for any correlation (Z. Sidak, Journal of the American Statistical Association 62,
/// 1967).</param>
public sealed record ComparedFamily(int Losses, int Columns, bool IsSidak)
{
    /// <summary>"Dunnett"; "Sidak"; "paired t" for one loss.</summary>
    public string Method => Losses == 1 ? "paired t" : IsSidak ? "Sidak" : "Dunnett";

    /// <summary>Returns the |t| beyond which a loss is called better or worse.</summary>
    public double Critical(int degreesOfFreedom) => Critical(Decision.Level / Columns, degreesOfFreedom);

    /// <summary>Returns p of a |t|, corrected over losses and primary columns.</summary>
    public double AdjustedP(double t, int degreesOfFreedom)
    {
        var p = UsesStudent ? 1 - Math.Pow(1 - 2 * StudentT.CDF(0, 1, degreesOfFreedom, -t), Losses)
            : 1 - Dunnett.Within(t, Losses, degreesOfFreedom);
        return Math.Min(1, Columns * p);
    }

    // with one loss all three are Student's t
    private bool UsesStudent => IsSidak || Losses == 1;

    private double Critical(double level, int degreesOfFreedom) => UsesStudent
        ? StudentTail.TwoSided(degreesOfFreedom, 1 - Math.Pow(1 - level, 1.0 / Losses))
        : Dunnett.Critical(Losses, degreesOfFreedom, level);
}

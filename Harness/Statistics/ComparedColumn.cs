namespace Ablation.Harness.Statistics;

/// <summary>A column of a table by loss and seed, and what was declared of it before the run.</summary>
/// <param name="Baseline">Values by seed of the loss that the others are compared with.</param>
/// <param name="Losses">Those of the others, in the order of the table; empty for a loss without values.</param>
public sealed record ComparedColumn(LossSeeds Baseline, IReadOnlyList<LossSeeds> Losses)
{
    public bool HigherIsBetter { get; init; } = true;

    /// <summary>Whether values are shares, 0 .. 1, so that no interval may leave that range.</summary>
    public bool IsShare { get; init; }

    /// <summary>Whether verdicts are given. A column that is only described has intervals of one difference each.</summary>
    public bool IsPrimary { get; init; } = true;

    /// <summary>P, the primary columns of the table, which share the level.</summary>
    public int PrimaryColumns { get; init; } = 1;

    /// <summary>The difference that is small enough to be called equal, in the units of the values; null if none was declared.</summary>
    public double? Margin { get; init; }
}

/// <summary>A loss's values by seed.</summary>
/// <param name="Values">Finite; without seeds that collapsed.</param>
/// <param name="Collapsed">Number of seeds that diverged or stayed at chance.</param>
public sealed record LossSeeds(IReadOnlyDictionary<int, double> Values, int Collapsed = 0)
{
    /// <summary>Whether scatter over its seeds may be estimated: at least two seeds, none of which collapsed.</summary>
    public bool IsSteady => Collapsed == 0 && Values.Count >= 2;
}

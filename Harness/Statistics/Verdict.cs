namespace Ablation.Harness.Statistics;

/// <summary>What a column of a table says of a loss against the baseline.</summary>
public enum Verdict
{
    /// <summary>The two have no seed in common (or one of them failed).</summary>
    NoCommonSeed,

    /// <summary>One common seed: two networks are compared, not two losses.</summary>
    OneSeed,

    /// <summary>Two common seeds: an interval, whose scatter is mostly borrowed, and no decision.</summary>
    Provisional,

    /// <summary>A seed of the loss or of the baseline diverged or stayed at chance: no interval over seeds is right.</summary>
    Collapsed,

    /// <summary>No value of the column varies over seeds: t has no value.</summary>
    NoVariation,

    /// <summary>The column is not primary: its interval is that of one difference alone, and nothing is decided.</summary>
    Described,

    /// <summary>The simultaneous interval holds 0.</summary>
    Open,

    /// <summary>As <see cref="Open"/>, and the difference is smaller than the practical margin (two one-sided tests).</summary>
    EqualWithin,

    /// <summary>The simultaneous interval lies on the better side of 0.</summary>
    Better,

    /// <summary>As <see cref="Better"/>, but by less than the practical margin.</summary>
    BetterByLess,

    /// <summary>The simultaneous interval lies on the worse side of 0.</summary>
    Worse,

    /// <summary>As <see cref="Worse"/>, but by less than the practical margin.</summary>
    WorseByLess,
}

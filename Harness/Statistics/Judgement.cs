namespace Ablation.Harness.Statistics;

/// <summary>What a table may claim of a candidate against the baseline.</summary>
public enum Verdict
{
    /// <summary>The two have no seed in common (or one of them failed).</summary>
    NoCommonSeed,

    /// <summary>One common seed: no deviation, no test.</summary>
    OneSeed,

    /// <summary>Every seed gave the same difference, and it is not 0: t has no value.</summary>
    NoVariation,

    /// <summary>Holm-corrected p of the paired t test is 0.05 or more.</summary>
    NotDistinguishable,

    Better,

    Worse,
}

/// <summary>A comparison with its p value corrected over the whole table, and what follows from it.</summary>
/// <param name="HolmP">Of the paired t test; null where there was no test.</param>
public sealed record Judgement(PairedComparison Comparison, double? HolmP, Verdict Verdict)
{
    /// <summary>The level of every decision.</summary>
    public const double Level = 0.05;

    /// <summary>Judges all comparisons of one table together, in the order given.</summary>
    public static IReadOnlyList<Judgement> OverTable(IReadOnlyList<(PairedComparison Comparison, bool HigherIsBetter)> table)
    {
        var corrected = Holm.Adjust([.. table.Select(entry => entry.Comparison.TTestP)]);
        return
        [
            .. table.Select((entry, i) =>
                new Judgement(entry.Comparison, corrected[i], Decide(entry.Comparison, corrected[i], entry.HigherIsBetter))),
        ];
    }

    /// <summary>As a table prints it.</summary>
    public static string Text(Verdict verdict) => verdict switch
    {
        Verdict.NoCommonSeed => "n/a (no common seed)",
        Verdict.OneSeed => "n/a (one seed)",
        Verdict.NoVariation => "n/a (no variation)",
        Verdict.NotDistinguishable => "not distinguishable",
        Verdict.Better => "better",
        Verdict.Worse => "worse",
        _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, null),
    };

    private static Verdict Decide(PairedComparison comparison, double? holmP, bool higherIsBetter) => comparison.N switch
    {
        0 => Verdict.NoCommonSeed,
        1 => Verdict.OneSeed,
        _ when holmP is null => Verdict.NoVariation,
        _ when holmP >= Level => Verdict.NotDistinguishable,
        _ => comparison.MeanDifference > 0 == higherIsBetter ? Verdict.Better : Verdict.Worse,
    };
}

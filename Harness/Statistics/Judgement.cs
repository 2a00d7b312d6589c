namespace Ablation.Harness.Statistics;

/// <summary>A comparison with its p value corrected over the whole table, and the verdict.</summary>
/// <param name="HolmP">Of the paired t test, or with one seed of <see cref="OneSeed"/>; null without a test.</param>
public sealed record Judgement(PairedComparison Comparison, double? HolmP, Verdict Verdict)
{
    /// <summary>The level of every decision.</summary>
    public const double Level = 0.05;

    /// <summary>The test within the one common seed, if the verdict is based on it.</summary>
    public OneSeedComparison? OneSeed { get; init; }

    /// <summary>Judges all comparisons of one table together, in the order given.</summary>
    public static IReadOnlyList<Judgement> OverTable(IReadOnlyList<(PairedComparison Comparison, bool HigherIsBetter)> table) =>
        OverTable([.. table.Select(entry => (entry.Comparison, entry.HigherIsBetter, (OneSeedComparison?)null))]);

    /// <summary>
    /// Judges them with a one-seed test for comparisons that have only one common seed; for others it is ignored. Holm's correction covers
    /// both kinds of p together.
    /// </summary>
    public static IReadOnlyList<Judgement> OverTable(IReadOnlyList<(PairedComparison Comparison, bool HigherIsBetter,
        OneSeedComparison? OneSeed)> table)
    {
        var used = table.Select(entry => entry.Comparison.N == 1 ? entry.OneSeed : null).ToList();
        var corrected = Holm.Adjust([.. table.Select((entry, i) => entry.Comparison.TTestP ?? used[i]?.P)]);
        return
        [
            .. table.Select((entry, i) =>
                new Judgement(entry.Comparison, corrected[i],
                    Decide(entry.Comparison, used[i], corrected[i], entry.HigherIsBetter)) { OneSeed = used[i] }),
        ];
    }

    /// <summary>Returns the text for tables: "better", "not distinguishable (McNemar, one seed)".</summary>
    /// <param name="oneSeedTest">The one-seed test that the verdict is based on; null if it is based on several seeds.</param>
    public static string Text(Verdict verdict, string? oneSeedTest) =>
        oneSeedTest is null ? Text(verdict) : $"{Text(verdict)} ({oneSeedTest}, one seed)";

    /// <summary>Returns the text for tables.</summary>
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

    private static Verdict Decide(PairedComparison comparison, OneSeedComparison? oneSeed, double? holmP, bool higherIsBetter) =>
        comparison.N switch
        {
            0 => Verdict.NoCommonSeed,
            1 when oneSeed is null => Verdict.OneSeed,
            _ when holmP is null => Verdict.NoVariation,
            _ when holmP >= Level => Verdict.NotDistinguishable,
            _ => (oneSeed?.Difference ?? comparison.MeanDifference) > 0 == higherIsBetter ? Verdict.Better : Verdict.Worse,
        };
}

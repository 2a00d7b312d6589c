using Ablation.Harness.Foundations;

namespace Ablation.Harness.Metrics;

/// <summary>
/// Computes 95 % intervals by resampling persons with replacement. Pairs that share a person are not independent, so resampling pairs would
/// give intervals that are too narrow. In a draw a genuine pair has the weight w(a) and an impostor pair w(a) w(b); w counts how often a
/// person was drawn. Every draw chooses its thresholds again; the folds are the same. The interval goes from the 2.5th to the 97.5th
/// percentile of the draws, interpolated linearly.
/// </summary>
/// <remarks>Sources: Bolle, Ratha and Pankanti, "Error analysis of pattern recognition systems: the subsets bootstrap", CVIU 2004; for w(a)
/// w(b) Owen, "The pigeonhole bootstrap", Annals of Applied Statistics 2007. A draw depends only on the seed and its number, and weights
/// are whole numbers, so the result is the same to the bit with any number of threads.</remarks>
public static class IdentityBootstrap
{
    private const int Usual = 1000; // enough for the second digit of a percentile
    private const int MostPairsByDefault = 1_000_000;

    /// <summary>The largest share of draws that may lack the figure.</summary>
    internal const double MostWithoutValue = 0.05;

    /// <summary>Returns the default number of draws: 1,000, or none above a million pairs, for which they take minutes.</summary>
    public static int UsualDraws(long pairs) => pairs > MostPairsByDefault ? 0 : Usual;

    /// <summary>
    /// Returns one interval per figure; null if the persons are not known, there are fewer than two, or more than 5 % of the draws do not
    /// support the figure.
    /// </summary>
    internal static IReadOnlyList<Interval?> Intervals(PairScores scores, DistinctScores distinct, IReadOnlyList<PairFigure> figures,
        int draws, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(draws);
        if (draws == 0 || Numbered(scores) is not { Persons: >= 2 } numbered) return new Interval?[figures.Count];
        var (persons, firstOf, secondOf) = numbered;

        var values = new double[figures.Count][]; // of each draw; NaN if it has none
        for (var figure = 0; figure < figures.Count; figure++) values[figure] = new double[draws];
        Parallel.For(0, draws, draw =>
        {
            var weights = Weights(scores.Same, firstOf, secondOf, Drawn(persons, draw, seed));
            var roc = RocCurve.Build(scores, distinct, weights);
            for (var figure = 0; figure < figures.Count; figure++)
                values[figure][draw] = figures[figure].Compute(weights, roc)?.Value ?? double.NaN;
        });
        return [.. values.Select(drawn => Interval(drawn, scores.PersonsFrom, seed))];
    }

    /// <summary>Numbers the persons from 0 in the order of the pairs; null if they are not known.</summary>
    internal static (int Persons, int[] First, int[] Second)? Numbered(PairScores scores)
    {
        if (scores.FirstPerson is not { } first || scores.SecondPerson is not { } second) return null;
        var (persons,
            numbers) = PersonDraws.Numbered([.. first.Zip(second, (one, other) => new[] { one, other }).SelectMany(pair => pair)]);
        return (persons, [.. first.Select((_, pair) => numbers[2 * pair])], [.. first.Select((_, pair) => numbers[2 * pair + 1])]);
    }

    /// <summary>Counts how often each person is drawn.</summary>
    internal static int[] Drawn(int persons, int draw, int seed) =>
        PersonDraws.Times(persons, StreamPurpose.IdentityBootstrap, draw, seed);

    internal static long[] Weights(bool[] same, int[] first, int[] second, int[] times)
    {
        var weights = new long[same.Length];
        for (var pair = 0; pair < weights.Length; pair++)
        {
            // without names, persons are components of "same" pairs; an impostor pair within one component counts once per draw of it
            weights[pair] = same[pair] || first[pair] == second[pair] ? times[first[pair]] : (long)times[first[pair]] * times[second[pair]];
        }

        return weights;
    }

    private static Interval? Interval(double[] drawn, string? personsFrom, int seed)
    {
        var values = drawn.Where(double.IsFinite).ToArray();
        var missing = drawn.Length - values.Length;
        if (values.Length == 0 || missing > MostWithoutValue * drawn.Length) return null;
        var left = missing == 0 ? "" : $", {missing} of them without a value";
        var persons = personsFrom == PairScores.PersonsFromPairs ? ", identities by same pairs" : "";
        return PersonDraws.Interval(values,
            $"identity bootstrap, thresholds re-estimated, {drawn.Length} draws{left}, seed {seed}{persons}");
    }
}

using Ablation.Experiments.Reports.Tables;
using Ablation.Experiments.Store;
using Ablation.Experiments.Terminal;
using Ablation.Harness;
using Ablation.Harness.Foundations;
using Ablation.Harness.Metrics;
using Ablation.Harness.Statistics;

namespace Ablation.Experiments.Reports.Comparing;

/// <summary>A pair of images that two networks decide differently.</summary>
/// <param name="Pair">Its place in the test, from 1.</param>
/// <param name="CosineA">Of its two embeddings by network A.</param>
/// <param name="IsRightA">Whether A is right and B wrong; else the reverse.</param>
/// <param name="Persons">Numbers of the persons in the test; empty if it does not know them.</param>
public sealed record DecidedPair(int Pair, int Fold, bool IsSame, double CosineA, double CosineB, bool IsRightA, string Persons)
{
    public double Change => CosineB - CosineA;
}

/// <summary>Two networks on the pairs of one test: how many each gets right alone, McNemar's test, and the pairs themselves.</summary>
/// <param name="Cases">All pairs of the test.</param>
/// <param name="Test">A as the baseline, B as the candidate.</param>
/// <param name="Pairs">Those decided differently, the largest difference of the two cosines first.</param>
public sealed record PairsComparison(string Name, int Cases, McNemar Test, IReadOnlyList<DecidedPair> Pairs)
{
    /// <summary>Decides every pair with the thresholds of the accuracy in the report.</summary>
    /// <exception cref="DataProblem">The two were not tested on the same pairs, or the test has no folds to choose thresholds
    /// on.</exception>
    public static PairsComparison Of(PairScores a, PairScores b)
    {
        SameCases.Require(b, a);
        if (FoldDecisions.OnGrid(a) is not { } first || FoldDecisions.OnGrid(b) is not { } second)
            throw new DataProblem(a.Test, "no pair is decided, since a threshold needs folds with both kinds of pairs",
                "name a test with folds");
        return new PairsComparison(a.Test, first.Length, McNemar.Test(second, first),
            [.. Enumerable.Range(0, first.Length).Where(pair => first[pair] != second[pair])
                .Select(pair => new DecidedPair(pair + 1, a.Fold[pair] + 1, a.Same[pair], Cosine(a, pair), Cosine(b, pair), first[pair],
                    a.FirstPerson is null || a.SecondPerson is null ? "" : $"{a.FirstPerson[pair]}, {a.SecondPerson[pair]}"))
                .OrderByDescending(pair => Math.Abs(pair.Change)).ThenBy(pair => pair.Pair)]);
    }

    /// <summary>Reads the scores of a pair test of a finished trial.</summary>
    /// <param name="test">Its name, whatever the case; null for the only one.</param>
    /// <exception cref="ArgumentException">The trial has no such test, or several and none is named.</exception>
    public static PairScores Read(ResultStore store, TrialResult trial, string? test)
    {
        var all = trial.Metrics.Select(metric => metric.Test).Distinct().Select(name => store.LoadScores(trial, name)).OfType<PairScores>()
            .ToList();
        var named = all.Where(scores => test is null || string.Equals(scores.Test, test, StringComparison.OrdinalIgnoreCase)).ToList();
        return named is [var one] ? one : throw new ArgumentException(
            $"--pairs{(test is null ? "" : " " + test)}: trial {trial.Id} has {(all.Count == 0 ? "no test of pairs"
                : $"the tests {string.Join(", ", all.Select(scores => scores.Test))}; name one of them")}");
    }

    /// <summary>Returns the sentence with McNemar's test, and the pairs.</summary>
    /// <param name="most">Pairs to list.</param>
    public IEnumerable<string> Lines(string a, string b, int most, TerminalLook look)
    {
        var share = ValueFormat.Percent.Signed((double)(Test.CandidateOnly - Test.BaselineOnly) / Cases);
        string[] said =
        [
            $"{Name}: of {Cases:N0} pairs {b} alone gets {Test.CandidateOnly:N0} right and {a} alone {Test.BaselineOnly:N0} " +
            $"({share} points of accuracy; McNemar's exact test, {ComparisonWords.Probability(Test.ExactP)}).",
            "This speaks of these two networks, not of their losses; and pairs that share a person are not independent, which makes p " +
            "too small.",
        ];
        foreach (var line in said.SelectMany(text => Fit.Wrap(text, look.Width))) yield return line;
        if (Pairs.Count == 0) yield break;
        yield return "";
        var shown = Pairs.Take(most).ToList();
        yield return shown.Count == Pairs.Count ? "decided differently, by the difference of their cosines"
            : $"decided differently, the {shown.Count} of {Pairs.Count} whose cosines differ most";
        foreach (var line in FittedTable.Lines(
        [
            new("pair", [.. shown.Select(pair => $"{pair.Pair}")]) { IsRight = true },
            new("fold", [.. shown.Select(pair => $"{pair.Fold}")], Order: 2) { IsRight = true },
            new("persons", [.. shown.Select(pair => pair.Persons)], Order: 1),
            new("truth", [.. shown.Select(pair => pair.IsSame ? "same" : "different")]),
            new("cosine A", [.. shown.Select(pair => $"{pair.CosineA:F3}")]) { IsRight = true },
            new("cosine B", [.. shown.Select(pair => $"{pair.CosineB:F3}")]) { IsRight = true },
            new("right", [.. shown.Select(pair => pair.IsRightA ? "A" : "B")]),
        ], look.Width, look.HasSymbols)) yield return line;
    }

    // squared distance is 2 - 2 cos
    private static double Cosine(PairScores scores, int pair) => 1 - scores.SquaredDistance[pair] / 2.0;
}

using Ablation.Experiments.Reports.Figures;
using Ablation.Experiments.Reports.Tables;
using Ablation.Harness.Statistics;

namespace Ablation.Experiments.Reports.Comparing;

/// <summary>Says in a few sentences what changed in the figures from A to B, and claims no more than the comparisons do.</summary>
internal static class ComparisonAnswer
{
    private const int MostSettings = 2, MostNamed = 4; // that a sentence can name

    public static SuiteAnswer Build(SideBySide both, IReadOnlyList<ChangedSetting> settings)
    {
        var (a, b) = (both.A, both.B);
        if (both.Losses.Count == 0)
            return Nothing($"Nothing can be compared: no loss is in both {a.Name} and {b.Name}.");
        var tests = both.Tests.Where(test => test.Headline is not null).ToList();
        if (tests.Count == 0) return Nothing($"Nothing can be compared: no test has the same pairs in both {a.Name} and {b.Name}.");
        var cells = tests.SelectMany(test => test.Headline!.Cells.Select(cell => (Test: test, Cell: cell))).ToList();
        if (cells.All(one => one.Cell.IsSameTrials))
            return Nothing($"Nothing changed: the same trials stand behind {a.Name} and {b.Name}.");
        var compared = cells.Where(one => one.Cell.Comparison.Difference is not null && !one.Cell.IsSameTrials).ToList();
        if (compared.Count == 0) return Nothing($"Not paired: {a.Name} and {b.Name} have no seed in common, so that no difference is " +
            "judged. The means stand beside each other below.");
        var with = With(settings);
        var largest = compared.OrderByDescending(one => one.Cell.Comparison.IsDecided)
            .ThenByDescending(one => Math.Abs(one.Cell.Comparison.Difference!.Value)).First();
        var finding = Sentence(both, largest.Test, largest.Cell);
        if (compared.Count == 1) return new SuiteAnswer(AnswerWord.None, [Capital($"{with}{finding}")]);
        return new SuiteAnswer(AnswerWord.None,
        [
            .. tests.Select((test, i) => Capital($"{(i == 0 ? with : "")}{Counts(both, test)}")),
            .. tests.Count > 1 ? new[] { $"Each test is judged by itself at {Decision.Level}." } : [],
            $"The largest {(largest.Cell.Comparison.IsDecided ? "sure change" : "difference")}: {finding}",
        ]);
    }

    /// <summary>"ArcFace of B is better than that of A by 1.20 points (95 % interval ..., 5 seeds) on LFW.".</summary>
    public static string Sentence(SideBySide both, ComparedTest test, ComparedCell cell) => $"on {test.Place}, {cell.Loss} of " +
        $"{both.B.Name} {ComparisonWords.Finding(cell.Comparison, $"that of {both.A.Name}", test.Headline!.Column.Format)}.";

    /// <summary>"on LFW (accuracy, 10-fold, grid) b is better than a in ArcFace (+1.20 points), worse in Npt (-0.80 points); 1 loss is
    /// open."</summary>
    private static string Counts(SideBySide both, ComparedTest test)
    {
        var figure = test.Headline!;
        var kinds = figure.Cells.ToLookup(Kind);
        string[] decided = [.. Side("better", kinds[Outcome.Better]), .. Side("worse", kinds[Outcome.Worse])];
        var found = decided.Length > 0 ? $"{both.B.Name} is {string.Join(", ", decided)}"
            : $"no loss of {both.B.Name} is better or worse than in {both.A.Name}";
        var others = string.Concat(kinds.Where(group => group.Key > Outcome.Worse).OrderBy(group => group.Key)
            .Select(group => $"; {Words(group.Key, group.Count())}"));
        return $"on {test.Place} ({figure.Column.Name}, {figure.Column.Estimator}), {found}{others}.";

        IEnumerable<string> Side(string word, IEnumerable<ComparedCell> cells)
        {
            var names = cells.Select(cell => $"{cell.Loss} ({figure.Column.Format.Signed(cell.Comparison.Difference)}" +
                $"{figure.Column.Format.OfDifference})").ToList();
            if (names.Count == 0) yield break;
            var more = names.Count > MostNamed ? $" and {names.Count - MostNamed} more" : "";
            yield return $"{word} than {both.A.Name} in {string.Join(", ", names.Take(MostNamed))}{more}";
        }
    }

    private enum Outcome
    {
        Better,
        Worse,
        Equal,
        Open,
        Unjudged,
        Same,
    }

    private static Outcome Kind(ComparedCell cell) => cell switch
    {
        { IsSameTrials: true } => Outcome.Same,
        { Comparison: { IsDecided: true, IsBetter: true } } => Outcome.Better,
        { Comparison.IsDecided: true } => Outcome.Worse,
        { Comparison.Verdict: Verdict.EqualWithin } => Outcome.Equal,
        { Comparison.Verdict: Verdict.Open } => Outcome.Open,
        _ => Outcome.Unjudged,
    };

    private static string Words(Outcome outcome, int count) => $"{count} {(count == 1 ? "loss is" : "losses are")} " + outcome switch
    {
        Outcome.Equal => "equal within the margin",
        Outcome.Open => "open",
        Outcome.Same => "the same trials",
        _ => "not judged",
    };

    /// <summary>"with epochs 20 instead of 10, "; empty where more was changed than a sentence can name.</summary>
    private static string With(IReadOnlyList<ChangedSetting> settings)
    {
        var changed = settings.Where(setting => setting.Path is not ("losses" or "seeds" or "tests")).ToList();
        return changed.Count == 0 ? "with the same settings, "
            : changed.Count > MostSettings ? $"with {changed.Count} settings changed, "
            : $"with {string.Join(" and ", changed.Select(one => $"{SettingPaths.Label(one.Path)} {one.B} instead of {one.A}"))}, ";
    }

    private static string Capital(string sentence) => sentence[..1].ToUpperInvariant() + sentence[1..];

    private static SuiteAnswer Nothing(string why) => new(AnswerWord.None, [why]);
}

using Ablation.Harness.Statistics;

namespace Ablation.Experiments.Reports.Tables;

/// <summary>Answers for a suite that makes no claim: the best loss against the baseline; over several columns, every loss.</summary>
internal static class BestAnswer
{
    private const int Named = 6;

    public static SuiteAnswer Build(IReadOnlyList<AnswerFinding> findings) =>
        new(AnswerWord.None, findings.Count == 1 ? [.. One(findings[0])] : [.. Several(findings)]);

    private static IEnumerable<string> One(AnswerFinding finding)
    {
        var best = finding.Rows[0];
        var end = finding.Column.HigherIsBetter ? "highest" : "lowest";
        List<string> equal = [.. finding.Rows.TakeWhile(row => row.Cell.Known == best.Cell.Known).Select(row => row.Name)];
        var who = equal.Count == 1 ? $"{best.Name} has" : $"{string.Join(", ", equal[..^1])} and {equal[^1]} share";
        var first = $"{who} the {end} {finding.Column.Name}, {finding.Format.WithUnit(best.Cell.Known)} " +
            $"({finding.Where}; {finding.Column.Estimator}; {ComparisonWords.Seeds(best.Cell.N)})";
        var others = finding.Rows.Skip(1).Where(row => row.Cell.Known is not null).ToList();
        if (others.Count == 0) return [$"{first}; no other loss has one to compare it with."];
        if (finding.Baseline?.Cell.Known is null) return [$"{first}; the baseline has none to compare it with."];
        return best == finding.Baseline ? [$"{first}; it is the baseline.", .. finding.Sure(others[0])]
            : [$"{first}.", .. finding.Sure(best)];
    }

    private static IEnumerable<string> Several(IReadOnlyList<AnswerFinding> findings)
    {
        var counts = findings.SelectMany(finding => finding.Rows).Where(row => row.Comparison is not null).GroupBy(row => row.Name)
            .Select(Count.Of).ToList();
        var start = $"Against {findings[0].Baseline?.Name ?? "the baseline"} over {findings.Count} columns, each judged by itself at " +
            $"{Decision.Level}";
        if (counts.Count == 0) return [$"{start}: no loss can be compared with it."];
        var named = counts.Where(count => count.Better + count.Worse > 0).OrderByDescending(count => count.Better - count.Worse).Take(Named)
            .ToList();
        if (named.Count == 0)
            return [counts.All(count => count.Open == 0) ? $"{start}: no difference could be judged."
                : $"{start}: no loss is better or worse in any."];
        var left = counts.Count - named.Count;
        var others = counts.Except(named).All(count => count.Better + count.Worse == 0) ? "better or worse in none" : "in the tables below";
        return [$"{start}: {string.Join("; ", named.Select(count => count.Text))}"
            + (left == 0 ? "." : $"; {(left == 1 ? "one other loss" : $"{left} other losses")}: {others}."),
            $"By chance alone, up to {100 * Decision.Level:0} % of such columns hold a false verdict: the counts are no test."];
    }

    /// <summary>Counts columns by their verdict on one loss.</summary>
    private sealed record Count(string Loss, int Better, int Worse, int Open, int Unjudged)
    {
        public string Text => $"{Loss} is better in {Better}, worse in {Worse}, open in {Open}"
            + (Unjudged > 0 ? $", not judged in {Unjudged}" : "");

        public static Count Of(IGrouping<string, AnswerRow> loss)
        {
            var (better, worse) = (loss.Count(row => row.Comparison is { IsDecided: true, IsBetter: true }),
                loss.Count(row => row.Comparison is { IsDecided: true, IsBetter: false }));
            var open = loss.Count(row => row.Comparison!.Verdict is Verdict.Open or Verdict.EqualWithin);
            return new Count(loss.Key, better, worse, open, loss.Count() - better - worse - open);
        }
    }
}

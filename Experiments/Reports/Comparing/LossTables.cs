using Ablation.Experiments.Reports.Tables;
using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Experiments.Terminal;
using Ablation.Harness.Foundations;

namespace Ablation.Experiments.Reports.Comparing;

/// <summary>Losses of one suite over their seeds, on the terminal: the comparisons of the suite's report, with the first loss as the one
/// that the others are compared with.</summary>
public static class LossTables
{
    /// <summary>Returns a sentence per loss and primary column, and a table of means, differences, intervals and p.</summary>
    /// <param name="losses">Labels; the first is the one compared with. One alone is compared with the suite's baseline.</param>
    /// <exception cref="SuiteException">A label is not of the suite.</exception>
    public static IEnumerable<string> Lines(Suite suite, ResultStore store, IReadOnlyList<string> losses, TerminalLook look)
    {
        var known = suite.Trials().Select(trial => trial.Label).Distinct().Where(label => label != Labels.Untrained).ToList();
        var named = losses.Select(loss => known.FirstOrDefault(label => string.Equals(label, loss, StringComparison.OrdinalIgnoreCase))
            ?? throw new SuiteException($"{loss}: no such loss in {suite.Name}; {NearName.Hint(loss, known)}")).Distinct().ToList();
        if (named.Count == 1 && named[0] != suite.BaselineLabel()) named.Insert(0, suite.BaselineLabel());
        if (named.Count < 2)
            throw new SuiteException($"{suite.Name}: {named[0]} is the baseline; name two losses of {string.Join(", ", known)}");
        return Lines(Summary.Read(Against(suite, named[0]), store), suite.BaselineLabel(), named, look);
    }

    /// <summary>The suite with another loss as the one compared with, in its own tables too.</summary>
    private static Suite Against(Suite suite, string baseline) => suite with
    {
        Baseline = baseline,
        Tables = suite.Tables?.Select(table => table with { Baseline = baseline }).ToList(),
    };

    private static IEnumerable<string> Lines(Summary summary, string declared, IReadOnlyList<string> losses, TerminalLook look)
    {
        var findings = AnswerFinding.All(summary).Where(finding => finding.IsKnown).ToList();
        if (findings.Count == 0) yield return $"No figure yet: no trial of {summary.Suite.Name} with these losses is finished.";
        foreach (var finding in findings)
        {
            var rows = losses.Select(loss => finding.Rows.FirstOrDefault(row => row.Loss == loss)).OfType<AnswerRow>().ToList();
            foreach (var row in rows.Where(row => row.Comparison is not null))
            {
                foreach (var line in Fit.Wrap($"{row.Name} {ComparisonWords.Finding(row.Comparison!, losses[0], finding.Format)}.",
                    look.Width)) yield return line;
            }

            yield return "";
            foreach (var line in Fit.Wrap($"{finding.Where}, {finding.Column.Name} % ({finding.Column.Estimator})", look.Width, 2))
                yield return line;
            var printed = rows.Select(row => ChangeRow.Of(row.Name, null, row.Cell, row.Comparison, row.Comparison is null ? "compared with"
                : ComparisonWords.Word(row.Comparison, finding.Format), finding.Format)).ToList();
            foreach (var line in ChangeRow.Lines(printed, null, "mean", look)) yield return line;
            yield return "";
        }

        if (losses[0] == declared) yield break;
        foreach (var line in Fit.Wrap($"The suite declares {declared} as its baseline: a comparison with {losses[0]} was chosen " +
            "afterwards, and its p holds only if the figures were not looked at before.", look.Width)) yield return line;
    }
}

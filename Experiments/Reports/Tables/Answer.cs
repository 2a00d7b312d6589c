using Ablation.Harness.Statistics;

namespace Ablation.Experiments.Reports.Tables;

/// <summary>
/// Answers a suite's question in one or two sentences that claim no more than the verdicts of its tables: for one table the difference from
/// the baseline with interval, p and seeds; for several, in how many tables each loss is better, worse or neither.
/// </summary>
public static class Answer
{
    private const int NamedLosses = 6;

    /// <summary>Builds the answer, which names open trials, or says why there is none.</summary>
    public static SuiteAnswer Build(Summary summary) => new(AnswerWord.None, [Sentence(summary)]);

    private static string Sentence(Summary summary)
    {
        if (summary.PairingProblems().Count > 0)
            return "No answer: trials of one seed did not start alike, so their differences are not paired.";
        if (SeenData.Problems(summary.Trials).Count > 0) return "No answer: the trials did not see the same data.";
        var finished = summary.Trials.Count(trial => trial.Result is not null);
        if (finished == 0) return $"No answer yet: none of {summary.Trials.Count} trials is finished.";
        // if the suite requests tables, its question is about those
        var found = summary.Specified.Count > 0
            ? summary.Specified.SelectMany(table => table.Columns.Select((_, column) => HeadlineFinding.Find(table, column)))
            : summary.Tables.Select(table => table.Headline is { } column ? HeadlineFinding.Find(table, column) : null);
        var findings = found.OfType<HeadlineFinding>().Where(finding => finding.Trained.Count > 0).ToList();
        var open = finished < summary.Trials.Count ? $"So far ({finished} of {summary.Trials.Count} trials): " : "";
        return open + findings.Count switch
        {
            0 => "no trial of a trained network has a figure.",
            1 => OfOne(findings[0]),
            _ => OfSeveral(summary, findings),
        };
    }

    private static string OfOne(HeadlineFinding finding)
    {
        var best = finding.Trained[0];
        var format = finding.Column.Format;
        var end = finding.Column.HigherIsBetter ? "highest" : "lowest";
        var first = $"{finding.Place}: {best.Loss} has the {end} {finding.Column.Name}, {Value(format, best.Cell.Known)} " +
            $"({finding.Column.Estimator}; {Seeds(best.Cell.N)})";
        if (finding.Trained.Count == 1) return first + "; no other loss has one to compare it with.";
        if (finding.Compared.Count == 0) return first + $"; {finding.Baseline}, the baseline, has none to compare it with.";
        if (best.Loss != finding.Baseline) return $"{first}: {Difference(finding, best)}.";
        var next = finding.Compared[0];
        return $"{first}; it is the baseline. The next is {next.Loss}: {Difference(finding, next)}.";
    }

    /// <summary>"+1.92 percentage points from ArcFace (95 % interval +1.20 to +2.64, Holm p = 0.004, 3 seeds): better".</summary>
    private static string Difference(HeadlineFinding finding, LossFinding loss)
    {
        var (format, comparison) = (finding.Column.Format, loss.Comparison);
        if (comparison.MeanDifference is not { } mean)
            return $"it has no seed in common with {finding.Baseline}, the baseline, so their difference is n/a";
        var difference = $"{format.Signed(mean)}{Unit(format)} from {finding.Baseline}";
        var interval = comparison.HalfWidth is { } half
            ? $"95 % interval of the paired difference {format.Signed(mean - half)} to {format.Signed(mean + half)}, " +
                $"{(loss.Cell.HolmP is { } p ? Probability(p) : "no test")}, {Seeds(comparison.N)}"
            : Seeds(comparison.N);
        return $"{difference} ({interval}): {loss.Cell.VerdictText ?? Judgement.Text(Verdict.NoCommonSeed)}";
    }

    private static string OfSeveral(Summary summary, List<HeadlineFinding> findings)
    {
        var metrics = findings.Select(finding => $"{finding.Column.Name}, {finding.Column.Estimator}").Distinct().ToList();
        var what = metrics.Count == 1 ? metrics[0] : "each by its first figure";
        var counts = findings.SelectMany(finding => finding.Compared).GroupBy(loss => loss.Loss).Select(Count.Of).ToList();
        var start = $"Against {findings[0].Baseline} over {findings.Count} {(summary.Specified.Count > 0 ? "columns" : "tables")} " +
            $"({what}; paired t, Holm over a table, level {Judgement.Level}): ";
        if (counts.Count == 0) return start + "no loss can be compared with it.";
        if (counts.All(count => count.Better + count.Worse == 0))
        {
            return start + (counts.All(count => count.Alike == 0) ? "no difference could be tested."
                : "no loss is distinguishable from it in any."
                + (counts.Any(count => count.Untested > 0) ? " Some differences could not be tested." : ""));
        }

        var named = counts.Where(count => count.Better + count.Worse > 0).OrderByDescending(count => count.Better - count.Worse)
            .Take(NamedLosses).ToList();
        var left = counts.Count - named.Count;
        var others = counts.Except(named).All(count => count.Better + count.Worse == 0) ? "distinguishable in none" : "in the tables below";
        return start + string.Join("; ", named.Select(count => count.Text))
            + (left == 0 ? "." : $"; {(left == 1 ? "one other loss" : $"{left} other losses")}: {others}.");
    }

    private static string Value(ValueFormat format, double? value) =>
        format.Text(value) + (format.Unit.Length > 0 ? " " + format.Unit : "");

    private static string Unit(ValueFormat format) =>
        format == ValueFormat.Percent ? " percentage points" : format.Unit.Length > 0 ? " " + format.Unit : "";

    private static string Probability(double p) => p < 0.001 ? "Holm p < 0.001" : $"Holm p = {p:F3}";

    private static string Seeds(int n) => $"{n} {(n == 1 ? "seed" : "seeds")}";

    /// <summary>Counts tables by their verdict on one loss.</summary>
    private sealed record Count(string Loss, int Better, int Worse, int Alike, int Untested)
    {
        public string Text =>
            $"{Loss} is better in {Better}, worse in {Worse}, not distinguishable in {Alike}"
            + (Untested > 0 ? $", not tested in {Untested}" : "");

        public static Count Of(IGrouping<string, LossFinding> loss)
        {
            int Of(Verdict verdict) => loss.Count(one => one.Cell.Verdict == verdict);
            var (better, worse, alike) = (Of(Verdict.Better), Of(Verdict.Worse), Of(Verdict.NotDistinguishable));
            return new Count(loss.Key, better, worse, alike, loss.Count() - better - worse - alike);
        }
    }
}

using Ablation.Experiments.Reports.Tables;
using Ablation.Experiments.Suites;
using Ablation.Harness.Provenance;
using Ablation.Harness.Training;
using Ablation.Losses.Options;

namespace Ablation.Experiments.Reports;

/// <summary>The first screen of a suite's page: question and answer, what was run in one line, and what a reader must beware of.</summary>
internal static class PageHead
{
    public static AnswerHead Build(ReportParts parts)
    {
        var summary = parts.Summary;
        return new AnswerHead(Kicker(summary), summary.Suite.Question, parts.Answer, [.. Facts(summary)], [.. Warnings(parts)]);
    }

    /// <summary>"twin-table3 · 25 November 2026 · 24 of 24 trials done".</summary>
    private static string Kicker(Summary summary)
    {
        var trials = summary.Distinct;
        var done = trials.Count(trial => trial.Result?.Status == TrialStatus.Done);
        var ends = trials.Select(trial => trial.Result?.Provenance).OfType<TrialProvenance>()
            .Select(origin => origin.Ended ?? origin.Started.AddSeconds(origin.Seconds)).ToList();
        var day = ends.Count == 0 ? "" : $" · {ends.Max().UtcDateTime:d MMMM yyyy}";
        return $"{summary.Suite.Name}{day} · {done} of {trials.Count} trials done";
    }

    private static IEnumerable<(string, string)> Facts(Summary summary)
    {
        var suite = summary.Suite;
        var networks = string.Join(", ", suite.Conditions().Select(one => $"{Catalog.NameOf(one.Backbone)}, {one.Resolution} px")
            .Distinct());
        var epochs = string.Join(" or ", suite.Conditions().Select(one => one.Training.Epochs).Distinct().Order());
        yield return ("Trained", $"on {string.Join("; ", suite.Data.Select(Labels.Full))}: {networks}, {epochs} epochs.");
        if (summary.Tests.Count > 0) yield return ("Tested", $"on {string.Join(", ", summary.Tests)}.");
        if (suite.Source is { Settings.Count: > 0 } source)
            yield return ("Set", $"on the command line: {string.Join(", ", source.Settings)}.");
        var n = suite.Seeds.Count;
        yield return ($"n = {n}", $"{(n == 1 ? "seed" : "paired seeds")} per loss" + (summary.PairingProblems().Count > 0
            ? "." : n > 1 && TrialSection.PairedGroups(summary) > 0 ? "; starting weights, proxies and first batch compared by hash, " +
                "all equal." : "."));
    }

    private static IEnumerable<(string, string)> Warnings(ReportParts parts)
    {
        var suite = parts.Summary.Suite;
        var smallest = parts.Summary.Tables.SelectMany(table => table.Primary.SelectMany(column => table.Rows
            .Select(row => row.Cells[column].Comparison?.SmallestFound).OfType<double>().Select(value =>
                value * table.Columns[column].Format.Scale)))
            .Order().ToList();
        if (smallest.Count > 0)
        {
            yield return ($"{ComparisonWords.Seeds(suite.Seeds.Count)} see differences of a certain size only.",
                $"Below {smallest[0]:F1} to {smallest[^1]:F1} points, by loss and test, one may well be missed: see How sure.");
        }

        if (suite.Tune is null && suite.Losses.Count > 1)
            yield return ("Nothing was tuned.", "Each loss has the options that the suite gives it: see Settings.");
        if (parts.Summary.Specified.SelectMany(table => table.Rows).SelectMany(row => row.Cells).Any(cell => cell.Published is not null))
            yield return ("Published figures (grey) are another experiment:", "other training data, one run each, without an interval.");
    }
}

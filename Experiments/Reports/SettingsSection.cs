using Ablation.Experiments.Reports.Figures;
using Ablation.Experiments.Reports.Tables;
using Ablation.Experiments.Suites;
using Ablation.Harness.Foundations;

namespace Ablation.Experiments.Reports;

/// <summary>What was set: as a difference between the losses on the page, in full in report.md.</summary>
internal static class SettingsSection
{
    /// <summary>Every option that differs from its default, and each training in full.</summary>
    public static IEnumerable<IReadOnlyList<string>> Lines(Summary summary)
    {
        foreach (var data in summary.Suite.Data) yield return ["training data", Labels.Full(data)];
        foreach (var test in summary.Suite.Tests) yield return ["test", Labels.Full(test)];
        foreach (var loss in summary.Suite.Losses) yield return ["loss", Labels.Full(loss)];
        foreach (var backbone in summary.Suite.Networks()) yield return ["backbone", Labels.Full(backbone)];
        foreach (var training in summary.Suite.WaysToTrain())
            yield return ["training", SpecJson.Write(training).Replace("\n", " ", StringComparison.Ordinal)
                .Replace("  ", " ", StringComparison.Ordinal)];
    }

    /// <summary>
    /// Returns a table of what differs between the losses, and the settings that all trials share. A loss without an option has an empty
    /// cell.
    /// </summary>
    public static IEnumerable<Block> Blocks(Summary summary)
    {
        var paths = new SettingPaths();
        var trained = summary.Trials.Where(trial => trial.Plan.Label != Labels.Untrained).ToList();
        var all = trained.Select(trial => paths.Read(trial.Plan.Spec)).ToList();
        if (all.Count == 0) yield break;
        var varying = all.SelectMany(one => one.Keys).Distinct().Order(StringComparer.Ordinal)
            .Where(path => all.Select(one => one.GetValueOrDefault(path)).Distinct().Skip(1).Any()).ToList();
        var ofLosses = varying.Where(path => path.StartsWith("losses.", StringComparison.Ordinal) && path != "losses.type").ToList();
        if (ofLosses.Count > 0)
        {
            var rows = trained.Zip(all).DistinctBy(one => one.First.Plan.Label).ToList();
            yield return new Paragraph("What differs between the losses; an empty cell is an option that the loss does not have.");
            yield return new TableBlock(new TextTable("", [new TextHeader("loss"), .. ofLosses.Select(path => new TextHeader(SettingPaths.Label(path)))],
                [.. rows.Select(row => (IReadOnlyList<TextCell>)[new TextCell(row.First.Plan.Label),
                    .. ofLosses.Select(path => new TextCell(row.Second.GetValueOrDefault(path, "")))])])
            { Losses = [.. rows.Select(row => row.First.Plan.Label)] });
        }

        if (varying.Except(ofLosses).Where(path => path != "losses.type").ToList() is { Count: > 0 } others)
        {
            yield return new FactList([.. others.Select(path => new Fact(path,
                [string.Join(", ", SettingPaths.Ordered(all.Select(one => one.GetValueOrDefault(path, "none"))))]))]);
        }

        yield return new Details("The same for all trials", [new FactList([.. all[0].Where(one => !varying.Contains(one.Key))
            .Select(one => new Fact(one.Key, [one.Value])),
            .. summary.Suite.Tests.Select(test => new Fact("test", [Labels.Full(test)]))])]);
    }
}

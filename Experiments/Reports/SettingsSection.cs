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
        foreach (var setting in summary.Suite.Source?.Settings ?? []) yield return ["set on the command line", setting];
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
        // trials of one setting differ in their seeds, which are none
        var trained = summary.Trials.Where(trial => trial.Plan.Label != Labels.Untrained)
            .DistinctBy(trial => (trial.Plan.Label, trial.Plan.Spec with { Seed = 0 })).ToList();
        var all = trained.Select(trial => paths.Read(trial.Plan.Spec)).ToList();
        if (all.Count == 0) yield break;
        var varying = all.SelectMany(one => one.Keys).Distinct().Order(StringComparer.Ordinal)
            .Where(path => all.Select(one => one.GetValueOrDefault(path)).Distinct().Skip(1).Any()).ToList();
        var ofLosses = varying.Where(path => path.StartsWith("losses.", StringComparison.Ordinal) && path != "losses.type").ToList();
        if (ofLosses.Count > 0) yield return new TableBlock(Differences(ofLosses, [.. trained.Zip(all).DistinctBy(one =>
            one.First.Plan.Label)]));
        if (varying.Except(ofLosses).Where(path => path != "losses.type").ToList() is { Count: > 0 } others)
        {
            yield return new FactList([.. others.Select(path => new Fact(path,
                [string.Join(", ", SettingPaths.Ordered(all.Select(one => one.GetValueOrDefault(path, "none"))))]))]);
        }

        yield return new Details("The same for all trials", [new FactList([.. all[0].Where(one => !varying.Contains(one.Key))
            .Select(one => new Fact(one.Key, [one.Value])),
            .. summary.Suite.Tests.Select(test => new Fact("test", [Labels.Full(test)]))])]);
    }

    /// <summary>One row per loss: a column for an option that several losses have, and one for what each has alone.</summary>
    private static TextTable Differences(IReadOnlyList<string> paths,
        IReadOnlyList<(StoredTrial Trial, SortedDictionary<string, string> Settings)> losses)
    {
        var common = paths.Where(path => losses.Count(loss => loss.Settings.ContainsKey(path)) > 1).ToList();
        var own = paths.Except(common).ToList();
        string Own((StoredTrial Trial, SortedDictionary<string, string> Settings) loss) => string.Join(", ",
            own.Where(loss.Settings.ContainsKey).Select(path => $"{SettingPaths.Label(path)} {loss.Settings[path]}"));
        return new TextTable("What differs between the losses; an empty cell is an option that the loss does not have.",
            [new TextHeader("loss"), .. common.Select(path => new TextHeader(SettingPaths.Label(path))),
                .. own.Count > 0 ? new[] { new TextHeader("its own options") } : []],
            [.. losses.Select(loss => (IReadOnlyList<TextCell>)[new TextCell(loss.Trial.Plan.Label),
                .. common.Select(path => new TextCell(loss.Settings.GetValueOrDefault(path, ""))),
                .. own.Count > 0 ? new[] { new TextCell(Own(loss)) } : []])])
        { Losses = [.. losses.Select(loss => loss.Trial.Plan.Label)] };
    }
}

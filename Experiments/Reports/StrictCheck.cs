using Ablation.Experiments.Processes;
using Ablation.Experiments.Reports.Figures;
using Ablation.Experiments.Reports.Tables;
using Ablation.Experiments.Store;
using Ablation.Harness.Metrics;
using Ablation.Harness.Training;

namespace Ablation.Experiments.Reports;

/// <summary>Lists what makes a report unfit to publish; <c>report --strict</c> prints it and fails.</summary>
public static class StrictCheck
{
    /// <summary>Returns one line per problem; empty if finished trials of one program on the same data are behind every number.</summary>
    public static IReadOnlyList<string> Problems(Summary summary, ResultStore store) =>
    [
        .. summary.Distinct.SelectMany(trial =>
            trial.Damage.Select(what => $"damaged: {trial.Plan.Label}, seed {trial.Plan.Spec.Seed}: {what}")),
        .. summary.Distinct.Select(trial => Unfinished(summary, trial)).OfType<string>(),
        .. summary.Tables.SelectMany(table => WithoutTrials(summary, table)),
        .. summary.Specified.SelectMany(table => table.Problems).Distinct(),
        .. EveryCore.Select(summary.Distinct, NotComputedAgain).SelectMany(lines => lines),
        .. WithoutTest(summary),
        .. StrayPlots(summary, store),
        .. summary.PairingProblems().Select(group => $"not paired: {group}: trials started from different weights, proxies or batches"),
        .. SeenData.Problems(summary.Distinct).Select(what => $"not the same data: {what}"),
        .. TuningSection.Problems(summary, store),
        .. Commits(summary),
        .. summary.Distinct.Where(trial => trial.IsEarlier)
            .Select(trial => $"of an earlier format, without a checksum: {Name(summary, trial)}"),
    ];

    private static string? Unfinished(Summary summary, StoredTrial trial) => trial switch
    {
        { Result: not null } or { IsDamaged: true } => null,
        { Failure: { } failure } => $"failed: {Name(summary, trial)}: {failure.Error.Split('\n')[0]}",
        _ when summary.LeftOut.Contains(trial) => $"skipped for lack of time: {Name(summary, trial)}",
        _ => $"not run: {Name(summary, trial)}",
    };

    /// <summary>Checks that every number of a table is the mean over as many finished trials as it states.</summary>
    private static IEnumerable<string> WithoutTrials(Summary summary, ResultTable table) =>
        from row in table.Rows
        let finished = summary.TrialsOf(table, row.Loss).Where(trial => trial.Result?.Status == TrialStatus.Done).ToList()
        from at in table.Columns.Zip(row.Cells)
        where at.Second.Known is not null
        let behind = finished.Count(trial =>
            trial.Metrics.Any(metric => metric.Value is not null
                && (metric.Test, metric.Name, metric.Estimator) == (table.Test, at.First.Metric, at.First.Estimator)))
        where behind == 0 || behind != at.Second.N
        select $"no trial behind it: {table.Test}, {table.ConditionLabel}, {row.Name}, {at.First.Name} ({at.First.Estimator}): " +
            $"{behind} finished trials for n = {at.Second.N}";

    /// <summary>Lists figures of a result that this version does not compute from the scores, so that they are unchecked.</summary>
    private static IReadOnlyList<string> NotComputedAgain(StoredTrial trial)
    {
        if (trial.Result is not { } result) return [];
        var inTables = trial.Metrics.Select(Key).ToHashSet();
        var open = result.Metrics.Where(metric => !inTables.Contains(Key(metric))).ToList();
        if (open.Count == 0) return [];
        // tables of a low-resolution test omit figures that the scores give
        var again = trial.Scores.Where(scores => open.Any(metric => metric.Test == scores.Test))
            .SelectMany(scores => scores.Read().Metrics()).Select(Key).ToHashSet();
        return [.. open.Where(metric => !again.Contains(Key(metric)))
            .Select(metric =>
                $"not computed again: {trial.Plan.Label}, seed {trial.Plan.Spec.Seed} ({trial.Id}): {metric.Test}, {metric.Name} " +
                $"({metric.Estimator})")];
    }

    /// <summary>Lists tests that a successful trial lacks although others of its suite have them, except those evaluated later.</summary>
    private static IEnumerable<string> WithoutTest(Summary summary) =>
        from test in summary.Tests
        where !summary.Distinct.Any(trial => trial.IsLater(test))
        from trial in summary.Distinct
        where trial.Result?.Status == TrialStatus.Done && trial.Metrics.All(metric => metric.Test != test)
        select $"no scores of {test}: {Name(summary, trial)}";

    /// <summary>Lists pictures of an earlier report, which have no stored data behind them.</summary>
    private static IEnumerable<string> StrayPlots(Summary summary, ResultStore store)
    {
        var folder = Path.Combine(store.Folder, DrawnFigure.Folder);
        if (!Directory.Exists(folder)) return [];
        var page = Path.Combine(store.Folder, "report.md");
        var text = File.Exists(page) ? File.ReadAllText(page) : "";
        return Directory.GetFiles(folder, "*.png").Order(StringComparer.Ordinal)
            .Select(path => $"{DrawnFigure.Folder}/{Path.GetFileName(path)}")
            .Where(path => !text.Contains($"({new Figure("", path).Url})", StringComparison.Ordinal))
            .Select(path => $"a figure of no trial of this suite: {path} is in no page of {summary.Suite.Name}; delete it");
    }

    private static IEnumerable<string> Commits(Summary summary)
    {
        var groups = summary.Distinct.Where(trial => trial.Result is not null).GroupBy(trial => trial.Result!.Provenance.Commit)
            .OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal).ToList();
        if (groups.Count < 2) yield break;
        foreach (var group in groups.Skip(1))
            yield return $"another commit: {group.Key}, where {groups[0].Count()} trials have {groups[0].Key}: " +
                $"{string.Join(", ", group.Select(trial => trial.Id))}";
    }

    private static string Name(Summary summary, StoredTrial trial) =>
        $"{trial.Plan.Label}, {summary.ConditionLabels[trial.Plan.Condition]}, seed {trial.Plan.Spec.Seed} ({trial.Id})";

    private static (string Test, string Name, string Estimator) Key(Metric metric) => (metric.Test, metric.Name, metric.Estimator);
}

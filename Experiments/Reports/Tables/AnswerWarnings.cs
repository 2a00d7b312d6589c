using Ablation.Harness.Training;

namespace Ablation.Experiments.Reports.Tables;

/// <summary>Says what a reader must know before the answer: trials that failed, seeds that collapsed, margins that nothing uses.</summary>
internal static class AnswerWarnings
{
    private const int Named = 4;

    public static IReadOnlyList<string> Of(Summary summary) =>
        [.. Failures(summary), .. Collapsed(summary), .. Margins(summary)];

    private static IEnumerable<string> Failures(Summary summary)
    {
        var failed = summary.Distinct.Where(trial => trial.Failure is not null || trial.IsDamaged).ToList();
        if (failed.Count == 0) yield break;
        var losses = failed.GroupBy(trial => trial.Plan.Label).ToList();
        var named = string.Join(", ", losses.Take(Named).Select(loss => $"{loss.Key} {loss.Count()}"));
        yield return $"{failed.Count} of {summary.Distinct.Count} trials have no result " +
            $"({named}{(losses.Count > Named ? ", ..." : "")}): they failed or their files are damaged.";
    }

    /// <summary>A sentence for each loss that diverged or stayed at chance with some seeds.</summary>
    public static IEnumerable<string> Collapsed(Summary summary)
    {
        var by = summary.Trials.Where(trial => trial.Result is not null).GroupBy(trial => (trial.Plan.Label, trial.Plan.Condition));
        foreach (var group in by)
        {
            var count = group.Count(trial => trial.Result!.Status is TrialStatus.Diverged or TrialStatus.AtChance);
            if (count == 0) continue;
            var where = summary.ConditionLabels.Count > 1 ? $" ({summary.ConditionLabels[group.Key.Condition]})" : "";
            yield return $"{group.Key.Label} collapsed in {count} of {group.Count()} seeds{where}.";
        }
    }

    /// <summary>Names margins of metrics that no table judges, which would go unnoticed; none before a trial has figures.</summary>
    private static IEnumerable<string> Margins(Summary summary)
    {
        var judged = summary.Specified.Concat(summary.Tables).SelectMany(table => table.Columns.Where(column => column.IsPrimary))
            .Select(column => column.Metric).Distinct().ToList();
        if (judged.Count == 0 || summary.Trials.All(trial => trial.Metrics.Count == 0)) yield break;
        foreach (var margin in (summary.Suite.Practical ?? []).Where(margin => !judged.Contains(margin.Metric)))
            yield return $"practical: no table judges \"{margin.Metric}\"; judged: {string.Join(", ", judged)}.";
    }
}

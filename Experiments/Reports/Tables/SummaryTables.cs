using Ablation.Experiments.Suites;
using Ablation.Harness.Metrics;

namespace Ablation.Experiments.Reports.Tables;

/// <summary>One table: losses by metrics, for one condition and one test, judged against the baseline over the whole table.</summary>
internal static class SummaryTables
{
    private const int NamedTrials = 4; // of those without a result; the rest stand in their own section

    public static SummaryTable Build(Summary summary, Condition condition, string test)
    {
        var metrics = summary.Trials.SelectMany(trial => trial.Metrics).Where(metric => metric.Test == test)
            .DistinctBy(metric => (metric.Name, metric.Estimator)).ToList();
        var columns = metrics.Select(metric => new ResultColumn(metric.Name, metric.Estimator, metric.HigherIsBetter, ValueFormat.Percent))
            .ToList();
        var values = summary.Rows.Select(row => metrics.Select(metric => BySeed(summary, condition, row, metric)).ToList()).ToList();

        var oneSeed = new OneSeedRows(summary, summary.Suite.BaselineLabel(), metrics);
        var cells = JudgedCells.Judge(values, [.. columns.Select(column => column.HigherIsBetter)], summary.Rows.ToList()
            .IndexOf(summary.Suite.BaselineLabel()), row => summary.Rows[row] != Labels.Untrained,
            (row, column) => oneSeed.Compare(condition, summary.Rows[row], metrics[column]));
        var rows = summary.Rows.Select((row, i) => new ResultRow(row, cells[i])).ToList();
        var label = summary.ConditionLabels[condition];
        var ids = summary.Rows.Select(row =>
            (IReadOnlyList<string>)[.. summary.TrialsOf(condition, row).Where(trial => trial.Result is not null).Select(trial => trial.Id)])
            .ToList();
        return new SummaryTable(condition, label, test,
            new ResultTable($"{test}: {label}.{Remarks(summary, condition, test)}", "loss", columns, rows), ids);
    }

    /// <summary>
    /// What a reader of the table must know in every format: people whom the training showed, a test that the suite does not name.
    /// </summary>
    private static string Remarks(Summary summary, Condition condition, string test)
    {
        var trials = summary.Trials.Where(trial => trial.Plan.Condition == condition).ToList();
        var warning = trials.Select(trial => trial.Overlap(test)).FirstOrDefault(overlap => overlap is { IsAny: true })?.Warning();
        var isLater = trials.Any(trial => trial.IsLater(test));
        return (warning is null ? "" : $" {warning}") + Lacking(trials)
            + (isLater ? " Not a test of the suite: taken after the training by ablation evaluate." : "");
    }

    /// <summary>Names the trials of a table that have no number though they were run: they are left out of means and tests, not counted as
    /// bad ones. Empty where there are none.</summary>
    internal static string Lacking(IEnumerable<StoredTrial> trials)
    {
        var lacking = trials.Where(trial => trial.Failure is not null || trial.IsDamaged).ToList();
        if (lacking.Count == 0) return "";
        var named = string.Join(", ", lacking.Take(NamedTrials)
            .Select(trial => $"{trial.Plan.Label} seed {trial.Plan.Spec.Seed} ({(trial.IsDamaged ? "damaged" : "failed")})"));
        return $" Without {lacking.Count} {(lacking.Count == 1 ? "trial that has" : "trials that have")} no result: " +
            $"{named}{(lacking.Count > NamedTrials ? ", ..." : "")}.";
    }

    /// <summary>The metric of every seed that has it.</summary>
    internal static IReadOnlyDictionary<int, double> BySeed(Summary summary, Condition condition, string row, Metric metric)
    {
        var values = new SortedDictionary<int, double>();
        foreach (var trial in summary.TrialsOf(condition, row))
        {
            var found = trial.Metrics.FirstOrDefault(other => (other.Test, other.Name, other.Estimator)
                == (metric.Test, metric.Name, metric.Estimator));
            if (found?.Value is { } value) values.Add(trial.Plan.Spec.Seed, value);
        }

        return values;
    }
}

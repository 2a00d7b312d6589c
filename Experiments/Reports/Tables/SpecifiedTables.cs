using Ablation.Experiments.Suites;
using Ablation.Harness.Metrics;

namespace Ablation.Experiments.Reports.Tables;

/// <summary>A table that the suite asked for.</summary>
/// <param name="Condition">Of all its columns; null where they name conditions of their own.</param>
/// <param name="Rows">The rows asked for, or every loss.</param>
/// <param name="TrialIds">By row and column: the runs behind a cell, by seed.</param>
/// <param name="Problems">Columns that no stored score has, and what is known.</param>
public sealed record SpecifiedTable(TableOptions Options, string? Condition, IReadOnlyList<TableRow> Rows, ResultTable Table,
    IReadOnlyList<IReadOnlyList<IReadOnlyList<string>>> TrialIds, IReadOnlyList<string> Problems);

/// <summary>Makes the tables of a suite's <c>tables</c> from what is stored.</summary>
internal static class SpecifiedTables
{
    /// <summary>One table each; one a condition where no column names one and there are several.</summary>
    public static IReadOnlyList<SpecifiedTable> Build(Summary summary) => [.. (summary.Suite.Tables ?? []).SelectMany(options =>
        options.Columns.Any(column => column.Condition is not null) || summary.ConditionLabels.Count == 1 ? [Build(summary, options, null)]
            : summary.Suite.Conditions().Select(condition => Build(summary, options, condition)))];

    private static SpecifiedTable Build(Summary summary, TableOptions options, Condition? shared)
    {
        var byLabel = summary.ConditionLabels.ToDictionary(pair => pair.Value, pair => pair.Key);
        var conditions = options.Columns.Select(column => shared
            ?? (column.Condition is { } name ? byLabel[name] : summary.Suite.Conditions()[0])).ToList();
        var rows = options.Rows ?? [.. summary.Rows.Where(row => row != Labels.Untrained).Select(row => new TableRow { Loss = row })];
        var metrics = options.Columns.Select(column => Find(summary, column)).ToList();
        var values = rows.Select(row => (IReadOnlyList<IReadOnlyDictionary<int, double>>)[.. metrics.Select((metric, j) =>
            metric is null ? new Dictionary<int, double>() : SummaryTables.BySeed(summary, conditions[j], row.Loss, metric))]).ToList();
        var baseline = rows.ToList().FindIndex(row => row.Loss == (options.Baseline ?? summary.Suite.BaselineLabel()));
        var oneSeed = new OneSeedRows(summary, options.Baseline ?? summary.Suite.BaselineLabel(), [.. metrics.OfType<Metric>().Distinct()]);
        var cells = JudgedCells.Judge(values, [.. metrics.Select(metric => metric?.HigherIsBetter ?? true)], baseline,
            row => rows[row].Loss != Labels.Untrained,
            (row, column) => oneSeed.Compare(conditions[column], rows[row].Loss, metrics[column]));
        var columns = options.Columns.Select((column, j) => new ResultColumn(
            column.Name ?? $"{(column.Condition is null ? "" : column.Condition + ", ")}{column.Test} {column.Metric}",
                metrics[j]?.Estimator ?? column.Estimator ?? "", metrics[j]?.HigherIsBetter ?? true, ValueFormat.Percent)).ToList();
        var filled = rows.Select((row, i) => new ResultRow(row.Name ?? row.Loss,
            [.. cells[i].Select((cell, j) =>
                cell with { Published = PublishedFigures.Find(options.Published, row.Published, options.Columns[j].Published) })]))
                .ToList();
        var ids = rows.Select(row => (IReadOnlyList<IReadOnlyList<string>>)[.. conditions.Select(condition =>
            (IReadOnlyList<string>)[.. summary.TrialsOf(condition, row.Loss).Where(trial => trial.Result is not null)
                .Select(trial => trial.Id)])]).ToList();
        return new SpecifiedTable(options, shared is null
            ? null : summary.ConditionLabels[shared], rows,
            new ResultTable(Caption(summary, options, shared, baseline < 0
                ? null : rows[baseline], filled, [.. rows.Select(row => row.Loss)]), "loss", columns, filled), ids,
                [.. Problems(summary, options, metrics)]);
    }

    private static string Caption(Summary summary, TableOptions options, Condition? shared, TableRow? baseline, List<ResultRow> rows,
        HashSet<string> rowLosses)
    {
        var place = shared is null ? "" : $" ({summary.ConditionLabels[shared]})";
        var quoted = rows.SelectMany(row => row.Cells).Select(cell => cell.Published).OfType<PublishedFigure>().ToList();
        var sets = quoted.Select(figure => figure.TrainSet).Where(set => set.Length > 0).Distinct().ToList();
        var published = quoted.Count == 0
            ? "" : $" Grey: published figures{(sets.Count > 0 ? $", trained on {string.Join(" and ", sets)}" : "")} " +
                $"({string.Join("; ", quoted.Select(figure => figure.Source).Distinct())}); each from one run, without an interval.";
        var lacking = SummaryTables.Lacking(summary.Trials.Where(trial => (shared is null || trial.Plan.Condition == shared)
            && rowLosses.Contains(trial.Plan.Label)));
        return $"{options.Title.TrimEnd('.')}{place}.{lacking}{(baseline is null ? "" : $" Compared with {baseline.Name ?? baseline.Loss}.")}{published}";
    }

    private static Metric? Find(Summary summary, TableColumn column) =>
        summary.Trials.SelectMany(trial => trial.Metrics).FirstOrDefault(metric =>
        metric.Test == column.Test && metric.Name == column.Metric && (column.Estimator is null || metric.Estimator == column.Estimator));

    /// <summary>
    /// Names are those of stored scores, so that a column that fits none can only be told here, and only where there are scores at all.
    /// </summary>
    private static IEnumerable<string> Problems(Summary summary, TableOptions options, List<Metric?> metrics)
    {
        var known = summary.Trials.SelectMany(trial => trial.Metrics).Select(metric => (metric.Test, metric.Name, metric.Estimator))
            .Distinct().ToList();
        if (known.Count == 0) yield break;
        foreach (var column in options.Columns.Zip(metrics).Where(pair => pair.Second is null).Select(pair => pair.First))
        {
            var ofTest = known.Where(metric => metric.Test == column.Test).Select(metric => $"{metric.Name} ({metric.Estimator})").ToList();
            yield return ofTest.Count == 0
                ? $"{options.Title}: no trial has the test \"{column.Test}\"; known: " +
                    $"{string.Join(", ", known.Select(metric => metric.Test).Distinct())}"
                : $"{options.Title}: {column.Test} has no " +
                    $"\"{column.Metric}\"{(column.Estimator is null ? "" : $" ({column.Estimator})")}; known: {string.Join(", ", ofTest)}";
        }
    }
}

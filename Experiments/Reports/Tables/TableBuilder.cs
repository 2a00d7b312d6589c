using Ablation.Experiments.Suites;
using Ablation.Harness.Metrics;
using Ablation.Harness.Statistics;

namespace Ablation.Experiments.Reports.Tables;

/// <summary>
/// Builds tables of results from stored trials: those that the suite requests, and a default one per condition and test. A default table is
/// also a specification, of every loss and every figure.
/// </summary>
internal static class TableBuilder
{
    /// <summary>
    /// Builds the tables of the suite's <c>tables</c>: one each, or one per condition if there are several and no column names one.
    /// </summary>
    public static IReadOnlyList<ResultTable> Specified(Summary summary) => [.. (summary.Suite.Tables ?? []).SelectMany(options =>
        options.Columns.Any(column => column.Condition is not null) || summary.ConditionLabels.Count == 1
        ? [Specified(summary, options, null)]
            : summary.Suite.Conditions().Select(condition => Specified(summary, options, condition)))];

    /// <summary>Builds the table of one condition and test: losses by metrics, judged against the baseline over the whole table.</summary>
    public static ResultTable Default(Summary summary, Condition condition, string test)
    {
        var metrics = summary.Trials.SelectMany(trial => trial.Metrics).Where(metric => metric.Test == test)
            .DistinctBy(metric => (metric.Name, metric.Estimator));
        var options = new TableOptions
        {
            Title = test,
            Rows = [.. summary.Rows.Select(row => new TableRow { Loss = row })],
            Columns = [.. metrics.Select(metric => new TableColumn
            {
                Test = test,
                Metric = metric.Name,
                Estimator = metric.Estimator,
                Name = metric.Name
            })],
        };
        var label = summary.ConditionLabels[condition];
        return Build(summary, options, condition,
            new TableCaption($"{test}: {label}", NamesBaseline: false)) with
        { Place = $"{test}, {label}" };
    }

    private static ResultTable Specified(Summary summary, TableOptions options, Condition? shared)
    {
        var condition = shared is null ? "" : $" ({summary.ConditionLabels[shared]})";
        return Build(summary, options, shared, new TableCaption($"{options.Title.TrimEnd('.')}{condition}", NamesBaseline: true)) with
        {
            Place = options.Title + condition
        };
    }

    /// <param name="shared">The condition of all columns; null if columns name their own, or the suite has only one.</param>
    private static ResultTable Build(Summary summary, TableOptions options, Condition? shared, TableCaption caption)
    {
        var byLabel = summary.ConditionLabels.ToDictionary(pair => pair.Value, pair => pair.Key);
        var conditions = options.Columns.Select(column => shared
            ?? (column.Condition is { } name ? byLabel[name] : summary.Suite.Conditions()[0])).ToList();
        var losses = options.Rows ?? [.. summary.Rows.Where(row => row != Labels.Untrained).Select(row => new TableRow { Loss = row })];
        var metrics = options.Columns.Select(column => Find(summary, column)).ToList();
        var columns = options.Columns.Select((column, j) =>
            Column(column, metrics[j], shared is null ? "" : summary.ConditionLabels[shared]))
            .ToList();
        var baseline = options.Baseline ?? summary.Suite.BaselineLabel();
        var values = losses.Select(row => (IReadOnlyList<IReadOnlyDictionary<int, double>>)[.. metrics.Select((metric, j) =>
            metric is null ? [] : BySeed(summary, conditions[j], row.Loss, metric))]).ToList();
        var oneSeed = new OneSeedRows(summary, baseline, [.. metrics.OfType<Metric>().Distinct()]);
        var cells = Judge(values, [.. columns.Select(column => column.HigherIsBetter)],
            losses.ToList().FindIndex(row => row.Loss == baseline), row => losses[row].Loss != Labels.Untrained,
            (row, column) => oneSeed.Compare(conditions[column], losses[row].Loss, metrics[column]));
        var rows = losses.Select((row, i) =>
        {
            var trials = conditions.Distinct().ToDictionary(condition => condition, condition => Finished(summary, condition, row.Loss));
            return new ResultRow(row.Name ?? row.Loss, [.. cells[i].Select((cell, j) => cell with
            {
                Trials = trials[conditions[j]],
                Published = PublishedFigures.Find(options.Published, row.Published, options.Columns[j].Published)
            })])
            { Loss = row.Loss };
        }).ToList();
        var behind = summary.Trials.Where(trial => (shared is null || trial.Plan.Condition == shared)
            && losses.Any(row => row.Loss == trial.Plan.Label)).ToList();
        return new ResultTable(caption.Write(behind, columns, rows, baseline), columns, rows)
        {
            Title = options.Title,
            Condition = shared,
            ConditionLabel = shared is null ? "" : summary.ConditionLabels[shared],
            Baseline = baseline,
            Problems = [.. Problems(summary, options, metrics)],
        };
    }

    /// <summary>Compares each row with the baseline, with one correction over the whole table.</summary>
    /// <param name="values">The value of each seed that has one, by row and column.</param>
    /// <param name="higherIsBetter">One per column.</param>
    /// <param name="baseline">Row that the others are compared with; below 0 for none.</param>
    /// <param name="compared">Rows to compare. A row that is only a reference would weaken the correction for the others.</param>
    /// <param name="oneSeed">Returns a test within the only seed that a row and the baseline share, by row and column; null if none is
    /// possible.</param>
    private static IReadOnlyList<IReadOnlyList<ResultCell>> Judge(
        IReadOnlyList<IReadOnlyList<IReadOnlyDictionary<int, double>>> values, IReadOnlyList<bool> higherIsBetter, int baseline,
            Func<int, bool> compared,
        Func<int, int, OneSeedComparison?> oneSeed)
    {
        var places = (from row in Enumerable.Range(0, values.Count)
                      where baseline >= 0 && row != baseline && compared(row)
                      from column in Enumerable.Range(0, higherIsBetter.Count)
                      select (row, column)).ToList();
        var judgements = Judgement.OverTable([.. places.Select(at =>
            PairedComparison.Compare(values[at.row][at.column], values[baseline][at.column]) is var comparison && comparison.N == 1
            ? (comparison, higherIsBetter[at.column], oneSeed(at.row, at.column)) : (comparison, higherIsBetter[at.column], null))]);
        var judged = places.Zip(judgements).ToDictionary(entry => entry.First, entry => entry.Second);
        return [.. values.Select((row, i) =>
            (IReadOnlyList<ResultCell>)[.. row.Select((cell, j) => ResultCell.FromValues(cell, judged.GetValueOrDefault((i, j))))])];
    }

    private static ResultColumn Column(TableColumn column, Metric? metric, string condition) => new(
        column.Name ?? $"{(column.Condition is null ? "" : column.Condition + ", ")}{column.Test} {column.Metric}",
        metric?.Estimator ?? column.Estimator ?? "", metric?.HigherIsBetter ?? true, ValueFormat.Percent)
    {
        Metric = column.Metric,
        Test = column.Test,
        Condition = column.Condition ?? condition
    };

    private static Metric? Find(Summary summary, TableColumn column) =>
        summary.Trials.SelectMany(trial => trial.Metrics).FirstOrDefault(metric =>
        metric.Test == column.Test && metric.Name == column.Metric && (column.Estimator is null || metric.Estimator == column.Estimator));

    /// <summary>Returns the metric of every seed that has it.</summary>
    private static SortedDictionary<int, double> BySeed(Summary summary, Condition condition, string row, Metric metric)
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

    private static List<TrialLink> Finished(Summary summary, Condition condition, string row) =>
    [
        .. summary.TrialsOf(condition, row).Where(trial => trial.Result is not null)
            .Select(trial => new TrialLink(trial.Plan.Spec.Seed, trial.Id, trial.Result!.Provenance.Commit)),
    ];

    /// <summary>
    /// Reports columns that match no stored score. Names come from the scores, so this is possible only here and only if scores exist.
    /// </summary>
    private static IEnumerable<string> Problems(Summary summary, TableOptions options, List<Metric?> metrics)
    {
        if (metrics.All(metric => metric is not null)) yield break;
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

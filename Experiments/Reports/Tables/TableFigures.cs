using Ablation.Experiments.Suites;
using Ablation.Harness.Metrics;
using Ablation.Harness.Training;

namespace Ablation.Experiments.Reports.Tables;

/// <summary>A column of a table with its values by loss and seed.</summary>
/// <param name="Metric">The figure in the trials; null if no trial has it, and for a mean of columns.</param>
/// <param name="Conditions">Of its trials: one, or several for a mean over conditions.</param>
/// <param name="Rows">In the order of the table.</param>
/// <param name="Baseline">Place of the baseline in <paramref name="Rows"/>; below 0 for none.</param>
/// <param name="Cases">Pairs or probes of the test; 0 if unknown.</param>
internal sealed record TableFigure(ResultColumn Column, Metric? Metric, IReadOnlyList<Condition> Conditions, IReadOnlyList<SeedRow> Rows,
    int Baseline, int Cases)
{
    /// <summary>Returns the seeds that a row and the baseline have and in which neither collapsed.</summary>
    public IReadOnlyList<int> CommonSeeds(int row) =>
        [.. Rows[row].Steady.Values.Keys.Intersect(Rows[Baseline].Steady.Values.Keys).Order()];
}

/// <summary>Reads the figures of a table from the stored trials, and adds the mean that it asks for.</summary>
internal sealed record TableFigures(IReadOnlyList<TableFigure> Columns)
{
    /// <param name="shared">The condition of all columns; null if columns name their own, or the suite has only one.</param>
    public static TableFigures Read(SuiteTrials trials, TableOptions options, Condition? shared, IReadOnlyList<TableRow> losses)
    {
        var byLabel = trials.ConditionLabels.ToDictionary(pair => pair.Value, pair => pair.Key);
        var baseline = losses.ToList().FindIndex(row => row.Loss == (options.Baseline ?? trials.Suite.BaselineLabel()));
        var columns = options.Columns.Select(column =>
        {
            var condition = shared ?? (column.Condition is { } name ? byLabel[name] : trials.Suite.Conditions()[0]);
            var metric = Find(trials, column);
            var label = shared is null ? "" : trials.ConditionLabels[shared];
            return new TableFigure(Heading(column, metric, label), metric, [condition],
                [.. losses.Select(row => Row(trials, condition, row.Loss, metric))], baseline, metric?.N ?? 0);
        }).ToList();
        if (options.Mean is { } mean)
            columns.Add(Mean(mean, [.. columns.Where(column => mean.Of.Contains(column.Column.Name))], baseline));
        return new TableFigures(columns);
    }

    /// <summary>Returns the columns that verdicts rest on: those declared, else the mean, else the headline.</summary>
    public IReadOnlyList<int> Primary(TableOptions options)
    {
        if (Columns.Count == 0) return [];
        if (options.Primary is { } declared)
            return [.. Enumerable.Range(0, Columns.Count).Where(column => declared.Contains(Columns[column].Column.Name))];
        if (options.Mean is not null) return [Columns.Count - 1];
        return [Math.Max(0, Columns.ToList().FindIndex(one => ResultColumn.IsHeadline(one.Column.Metric, one.Column.Estimator)))];
    }

    /// <summary>Averages columns seed by seed. A seed that one of them lacks is left out; one that collapsed in one has
    /// collapsed.</summary>
    private static TableFigure Mean(TableMean mean, IReadOnlyList<TableFigure> of, int baseline)
    {
        var first = of[0].Column;
        var column = first with
        {
            Name = mean.Name,
            Estimator = $"mean of {of.Count} columns",
            Test = "",
            Condition = of.Select(one => one.Column.Condition).Distinct().Count() == 1 ? first.Condition : "",
        };
        var rows = of[0].Rows.Select((row, i) => new SeedRow(
            row.Values.Keys.Where(seed => of.All(one => one.Rows[i].Values.ContainsKey(seed)))
                .ToDictionary(seed => seed, seed => of.Average(one => one.Rows[i].Values[seed])),
            of.SelectMany(one => one.Rows[i].Collapsed).ToHashSet(), row.IsTrained)
        { Trials = string.Concat(of.Select(one => one.Rows[i].Trials)) }).ToList();
        return new TableFigure(column, null, [.. of.SelectMany(one => one.Conditions).Distinct()], rows, baseline,
            of.Sum(one => one.Cases));
    }

    private static ResultColumn Heading(TableColumn column, Metric? metric, string condition) => new(column.Heading,
        metric?.Estimator ?? column.Estimator ?? "", metric?.HigherIsBetter ?? true, ValueFormat.Percent)
    {
        Metric = column.Metric,
        Test = column.Test,
        Condition = column.Condition ?? condition
    };

    private static Metric? Find(SuiteTrials trials, TableColumn column) =>
        trials.Metrics.FirstOrDefault(metric =>
        metric.Test == column.Test && metric.Name == column.Metric && (column.Estimator is null || metric.Estimator == column.Estimator));

    /// <summary>Returns the figure of every seed that has it, and the seeds that collapsed.</summary>
    private static SeedRow Row(SuiteTrials trials, Condition condition, string row, Metric? figure)
    {
        var (values, collapsed) = (new SortedDictionary<int, double>(), new HashSet<int>());
        foreach (var trial in trials.Of(condition, row))
        {
            if (trial.Result?.Status is TrialStatus.Diverged or TrialStatus.AtChance) collapsed.Add(trial.Plan.Spec.Seed);
            var found = figure is null ? null : trial.Metrics.FirstOrDefault(other =>
                (other.Test, other.Name, other.Estimator) == (figure.Test, figure.Name, figure.Estimator));
            if (found?.Value is { } value) values.Add(trial.Plan.Spec.Seed, value);
        }

        return new SeedRow(values, collapsed, row != Labels.Untrained)
        { Trials = string.Concat(trials.Of(condition, row).Select(trial => trial.Id)) };
    }
}

using Ablation.Experiments.Suites;
using Ablation.Harness.Metrics;

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
    public static IReadOnlyList<ResultTable> Specified(SuiteTrials trials) => [.. (trials.Suite.Tables ?? []).SelectMany(options =>
        options.Columns.Any(column => column.Condition is not null) || trials.ConditionLabels.Count == 1
        ? [Specified(trials, options, null)]
            : trials.Suite.Conditions().Select(condition => Specified(trials, options, condition)))];

    /// <summary>Builds the table of one condition and test: losses by metrics, compared with the baseline.</summary>
    public static ResultTable Default(SuiteTrials trials, Condition condition, string test)
    {
        var metrics = trials.Metrics.Where(metric => metric.Test == test);
        var options = new TableOptions
        {
            Title = test,
            Rows = [.. trials.Rows.Select(row => new TableRow { Loss = row })],
            Columns = [.. metrics.Select(metric => new TableColumn
            {
                Test = test,
                Metric = metric.Name,
                Estimator = metric.Estimator,
                Name = metric.Name
            })],
        };
        var label = trials.ConditionLabels[condition];
        return Build(trials, options, condition,
            new TableCaption($"{test}: {label}", NamesBaseline: false),
            isJudged: trials.Suite.Tables is not { Count: > 0 }) with
        { Place = $"{test}, {label}" };
    }

    private static ResultTable Specified(SuiteTrials trials, TableOptions options, Condition? shared)
    {
        var condition = shared is null ? "" : $" ({trials.ConditionLabels[shared]})";
        return Build(trials, options, shared, new TableCaption($"{options.Title.TrimEnd('.')}{condition}", NamesBaseline: true),
            isJudged: true) with
        {
            Place = options.Title + condition
        };
    }

    /// <param name="shared">The condition of all columns; null if columns name their own, or the suite has only one.</param>
    /// <param name="isJudged">Whether verdicts are given. A suite that declares tables declares what is judged: its default tables only
    /// describe.</param>
    private static ResultTable Build(SuiteTrials trials, TableOptions options, Condition? shared, TableCaption caption, bool isJudged)
    {
        var losses = options.Rows ?? [.. trials.Rows.Where(row => row != Labels.Untrained).Select(row => new TableRow { Loss = row })];
        var baseline = options.Baseline ?? trials.Suite.BaselineLabel();
        var figures = TableFigures.Read(trials, options, shared, losses);
        var primary = isJudged ? figures.Primary(options) : [];
        var people = new TestPeople(trials, baseline);
        var (columns, cells) = (new List<ResultColumn>(), new List<IReadOnlyList<ResultCell>>());
        foreach (var (place, figure) in figures.Columns.Index())
        {
            var column = figure.Column with { IsPrimary = primary.Contains(place) };
            var built = ColumnCells.Build(figure.Rows, figure.Baseline, column, Math.Max(1, primary.Count),
                PracticalMargins.Of(trials.Suite, column));
            if (column.IsPrimary) built = WithPeople(built, figure, losses, people);
            columns.Add(column with { Format = Digits(built, losses, figure.Cases) });
            cells.Add(built);
        }

        var rows = losses.Select((row, i) => new ResultRow(row.Name ?? row.Loss, [.. cells.Select((column, j) => column[i] with
        {
            Trials = Finished(trials, figures.Columns[j].Conditions, row.Loss),
            Published = j < options.Columns.Count
                ? PublishedFigures.Find(options.Published, row.Published, options.Columns[j].Published) : null,
        })])
        { Loss = row.Loss }).ToList();
        var behind = trials.All.Where(trial => (shared is null || trial.Plan.Condition == shared)
            && losses.Any(row => row.Loss == trial.Plan.Label)).ToList();
        return new ResultTable(caption.Write(behind, columns, rows, baseline), columns, rows)
        {
            Title = options.Title,
            Condition = shared,
            ConditionLabel = shared is null ? "" : trials.ConditionLabels[shared],
            Baseline = baseline,
            Problems = [.. Problems(trials, options, [.. figures.Columns.Select(column => column.Metric)])],
        };
    }

    private static IReadOnlyList<ResultCell> WithPeople(IReadOnlyList<ResultCell> cells, TableFigure figure,
        IReadOnlyList<TableRow> losses, TestPeople people)
    {
        if (figure.Metric is not { } metric || figure.Conditions is not [var condition]) return cells; // a mean: its tests differ in people
        return [.. cells.Select((cell, i) => cell.Comparison is { } comparison
            ? cell with { Comparison = people.Add(comparison, condition, losses[i].Loss, metric, figure.CommonSeeds(i)) } : cell)];
    }

    private static ValueFormat Digits(IReadOnlyList<ResultCell> cells, IReadOnlyList<TableRow> losses, int cases) =>
        DigitRule.Percent(cells.Where((_, i) => losses[i].Loss != Labels.Untrained).Select(cell => cell.HalfWidth).OfType<double>(), cases);

    private static List<TrialLink> Finished(SuiteTrials trials, IReadOnlyList<Condition> conditions, string row) =>
    [
        .. conditions.SelectMany(condition => trials.Of(condition, row)).Where(trial => trial.Result is not null)
            .Select(trial => new TrialLink(trial.Plan.Spec.Seed, trial.Id, trial.Result!.Provenance.Commit)),
    ];

    /// <summary>
    /// Reports columns that match no stored score. Names come from the scores, so this is possible only here and only if scores exist.
    /// </summary>
    private static IEnumerable<string> Problems(SuiteTrials trials, TableOptions options, IReadOnlyList<Metric?> metrics)
    {
        if (options.Columns.Zip(metrics).All(pair => pair.Second is not null)) yield break;
        var known = trials.Metrics;
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

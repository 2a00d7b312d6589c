using Ablation.Experiments.Reports.Tables;
using Ablation.Experiments.Suites;
using Ablation.Harness.Foundations;
using Ablation.Harness.Metrics;
using Ablation.Harness.Statistics;

namespace Ablation.Experiments.Reports.Comparing;

/// <summary>Two suites side by side: the tests, conditions and losses that both have, each loss against itself.</summary>
/// <param name="Tests">Condition by condition.</param>
/// <param name="OnlyA">Losses that only A has.</param>
/// <param name="OnlyB">Losses that only B has.</param>
/// <param name="Notes">Conditions and tests of one side that the other lacks.</param>
public sealed record SideBySide(ComparedSide A, ComparedSide B, IReadOnlyList<ComparedTest> Tests, IReadOnlyList<string> OnlyA,
    IReadOnlyList<string> OnlyB, IReadOnlyList<string> Notes)
{
    /// <summary>Losses of both sides, in the order of A.</summary>
    public IReadOnlyList<string> Losses => [.. A.Trials.Rows.Where(B.Trials.Rows.Contains)];

    public static SideBySide Of(ComparedSide a, ComparedSide b)
    {
        var conditions = PairedConditions.Of(a, b);
        var (testsA, testsB) = (TestsOf(a), TestsOf(b));
        var tests = testsA.Where(testsB.Contains).ToList();
        var losses = a.Trials.Rows.Where(b.Trials.Rows.Contains).ToList();
        return new SideBySide(a, b,
            [.. losses.Count == 0 ? [] : conditions.Pairs.SelectMany(pair => tests.Select(test =>
                Compare(a, b, pair, test, losses, conditions.Pairs.Count > 1)))],
            [.. a.Trials.Rows.Except(b.Trials.Rows)], [.. b.Trials.Rows.Except(a.Trials.Rows)],
            [.. conditions.Notes(a, b), .. Only(a.Name, testsA.Except(testsB)), .. Only(b.Name, testsB.Except(testsA))]);
    }

    private static IEnumerable<string> Only(string side, IEnumerable<string> tests) => tests.Select(test => $"Only {side} has {test}.");

    private static List<string> TestsOf(ComparedSide side) =>
        [.. side.Trials.All.SelectMany(trial => trial.Metrics).Select(metric => metric.Test).Distinct()];

    private static ComparedTest Compare(ComparedSide a, ComparedSide b, (Condition A, Condition B) pair, string test,
        IReadOnlyList<string> losses, bool isOneOfSeveral)
    {
        var (nameA, nameB) = (a.Trials.ConditionLabels[pair.A], b.Trials.ConditionLabels[pair.B]);
        var condition = nameA == nameB ? nameA : $"{nameA} / {nameB}";
        var place = isOneOfSeveral ? $"{test}, {condition}" : test;
        if (OtherCases(a, b, pair, test) is { } problem) return new ComparedTest(test, condition, place, [], problem);
        var options = new TableOptions
        {
            Title = test,
            Rows = [.. losses.Select(loss => new TableRow { Loss = loss })],
            Columns = [.. a.Trials.All.Concat(b.Trials.All).SelectMany(trial => trial.Metrics).Where(metric => metric.Test == test)
                .DistinctBy(metric => (metric.Name, metric.Estimator)).Select(metric => new TableColumn
                {
                    Test = test, Metric = metric.Name, Estimator = metric.Estimator, Name = metric.Name,
                })],
        };
        var rows = options.Rows;
        var (first, second) = (TableFigures.Read(a.Trials, options, pair.A, rows), TableFigures.Read(b.Trials, options, pair.B, rows));
        var primary = first.Primary(options);
        return new ComparedTest(test, condition, place,
            [.. first.Columns.Zip(second.Columns).Select((both, column) => Figure(a, b, pair, both.First, both.Second, losses,
                primary.Contains(column))).OrderByDescending(figure => figure.Column.IsPrimary)], null);
    }

    private static ComparedFigure Figure(ComparedSide a, ComparedSide b, (Condition A, Condition B) pair, TableFigure before,
        TableFigure after, IReadOnlyList<string> losses, bool isPrimary)
    {
        var column = (before.Metric is null ? after.Column : before.Column) with { IsPrimary = isPrimary };
        var margin = PracticalMargins.Of(a.Suite, column) is { } declared && declared == PracticalMargins.Of(b.Suite, column)
            ? declared : (double?)null;
        var (first, second) = (ColumnCells.Build(before.Rows, -1, column, 1, null), ColumnCells.Build(after.Rows, -1, column, 1, null));
        var comparisons = ModeratedPairs.Compare([.. before.Rows.Zip(after.Rows, (from, to) => (from.Steady, to.Steady))],
            new ComparedColumn(before.Rows[0].Steady, [])
            {
                HigherIsBetter = column.HigherIsBetter,
                IsShare = true,
                IsPrimary = isPrimary,
                Margin = margin,
            });
        var halves = first.Concat(second).Select(cell => cell.HalfWidth).Concat(comparisons.Select(one => one.HalfWidth)).OfType<double>();
        column = column with { Format = DigitRule.Percent(halves, Math.Max(before.Cases, after.Cases)) };
        return new ComparedFigure(column, [.. losses.Select((loss, row) => new ComparedCell(loss,
            first[row] with { Trials = Links(a, pair.A, loss) }, second[row] with { Trials = Links(b, pair.B, loss) }, comparisons[row],
            IsSame(a.Trials.Of(pair.A, loss), b.Trials.Of(pair.B, loss))))]);
    }

    private static IReadOnlyList<TrialLink> Links(ComparedSide side, Condition condition, string loss) =>
        [.. side.Trials.Of(condition, loss).Select(trial => new TrialLink(trial.Plan.Spec.Seed, trial.Id,
            trial.Result!.Provenance.Commit))];

    /// <summary>Whether the trials of the common seeds have the same specification and the same weights.</summary>
    private static bool IsSame(IEnumerable<StoredTrial> a, IEnumerable<StoredTrial> b)
    {
        var common = a.Join(b, trial => trial.Plan.Spec.Seed, trial => trial.Plan.Spec.Seed, (x, y) => (x, y)).ToList();
        return common.Count > 0 && common.All(both => both.x.Id == both.y.Id && both.x.Result!.Weights == both.y.Result!.Weights);
    }

    /// <summary>Says why a test of this name is not the same test on both sides; null if it is.</summary>
    private static string? OtherCases(ComparedSide a, ComparedSide b, (Condition A, Condition B) pair, string test)
    {
        var (first, second) = (Scores(a, pair.A, test), Scores(b, pair.B, test));
        if (first is null || second is null)
            return $"{(first is null ? a.Name : b.Name)} has no finished trial with {test} in this condition.";
        try
        {
            SameCases.Require(first, second);
            return null;
        }
        catch (DataProblem)
        {
            return $"{test} has other pairs or probes in {b.Name} than in {a.Name}, so its figures are not compared.";
        }
    }

    private static TestScores? Scores(ComparedSide side, Condition condition, string test) => side.Trials.All
        .Where(trial => trial.Plan.Condition == condition)
        .Select(trial => trial.Scores.FirstOrDefault(scores => TableMetrics.TableOf(scores, trial.Scores) == test))
        .FirstOrDefault(scores => scores is not null)?.Read();
}

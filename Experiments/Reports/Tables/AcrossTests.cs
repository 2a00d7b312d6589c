using Ablation.Experiments.Processes;
using Ablation.Experiments.Suites;
using Ablation.Harness.Foundations;
using Ablation.Harness.Statistics;

namespace Ablation.Experiments.Reports.Tables;

/// <summary>A loss over all conditions and tests.</summary>
/// <param name="Profile">Share of results above each of <see cref="AcrossTests.Limits"/>.</param>
public sealed record AcrossRow(string Loss, TestGrid Grid, Bounds? Interval, IReadOnlyList<double> Profile);

/// <summary>
/// The headline figure of every default table together, loss by loss: interquartile mean and performance profile. A summary, not a verdict:
/// tests of one network do not replicate one another.
/// </summary>
/// <param name="Limits">Places of the profile: the deciles of all results.</param>
/// <param name="Tests">Conditions x tests, each with a result of every loss.</param>
public sealed record AcrossTests(string Metric, string Estimator, IReadOnlyList<double> Limits, IReadOnlyList<AcrossRow> Rows, int Tests)
{
    private const int Draws = 2000;

    /// <summary>Gathers the results; null with fewer than two tables of one metric in which all losses have seeds in common.</summary>
    public static AcrossTests? Build(Summary summary)
    {
        var headlines = summary.Tables.Where(table => table is { Headline: not null, Condition: not null })
            .Select(table => (Table: table, Column: table.Headline!.Value)).ToList();
        if (headlines.Count == 0) return null;
        var first = headlines[0].Table.Columns[headlines[0].Column];
        var losses = summary.Rows.Where(row => row != Labels.Untrained).ToList();
        var used = headlines.Where(one => (one.Table.Columns[one.Column].Metric, one.Table.Columns[one.Column].Estimator)
            == (first.Metric, first.Estimator) && losses.TrueForAll(loss => Seeds(one, loss).Count > 0)).ToList();
        if (used.Count < 2 || losses.Count < 2) return null;
        var grids = losses.ConvertAll(loss => new TestGrid(
            [.. used.GroupBy(one => one.Table.Condition).Select(condition => Stratum([.. condition.Select(one => Seeds(one, loss))]))]));
        if (grids.Exists(grid => grid.Strata.Any(stratum => stratum.Count == 0))) return null;
        List<double> all = [.. grids.SelectMany(grid => grid.Values).Order()];
        List<double> limits = [.. Enumerable.Range(1, 9).Select(tenth => all[tenth * (all.Count - 1) / 10]).Distinct()];
        return new AcrossTests(first.Metric, first.Estimator, limits, EveryCore.Select([.. losses.Zip(grids)], one =>
        {
            var (loss, grid) = one;
            var stream = new RandomStream(0, StreamPurpose.SeedBootstrap); // the same seeds for every loss
            return new AcrossRow(loss, grid, grid.Interval(Draws, stream.NextBelow), [.. limits.Select(grid.ShareAbove)]);
        }), used.Count);
    }

    /// <summary>Returns the results as a table; the first columns are summaries, the others the profile.</summary>
    public TextTable Table()
    {
        var percent = ValueFormat.Percent;
        return new TextTable(
            $"{Metric} ({Estimator}) over {Tests} conditions x tests, all seeds: the mean of the middle half of the results with its " +
            $"95 % bootstrap interval over seeds, too narrow with few of them; and the share of results above each limit. No verdict " +
            $"rests on it.",
            [
                new TextHeader("loss"), new TextHeader(percent.Label("interquartile mean"), "95 % over seeds", true),
                new TextHeader("results", IsNumber: true),
                .. Limits.Select(limit => new TextHeader($"above {percent.Text(limit)}", "share, %", true)),
            ],
            [.. Rows.Select(row => (IReadOnlyList<TextCell>)
            [
                new TextCell(row.Loss), new TextCell(percent.Text(row.Grid.InterquartileMean()))
                {
                    Range = row.Interval is { } interval ? $"{percent.Text(interval.Low)} to {percent.Text(interval.High)}" : null,
                    Value = row.Grid.InterquartileMean(),
                },
                new TextCell(row.Grid.Values.Count.ToString()),
                .. row.Profile.Select(share => new TextCell(DecimalText.Fixed(100 * share, 0)) { Value = share }),
            ])]);
    }

    private static IReadOnlyDictionary<int, double> Seeds((ResultTable Table, int Column) at, string loss) =>
        at.Table.Rows.FirstOrDefault(row => row.Loss == loss)?.Seeds(at.Column) ?? new Dictionary<int, double>();

    /// <summary>Returns the seeds that all tests of a condition have, each with its values on them.</summary>
    private static IReadOnlyList<IReadOnlyList<double>> Stratum(IReadOnlyList<IReadOnlyDictionary<int, double>> tests) =>
        [.. tests[0].Keys.Order().Where(seed => tests.All(test => test.ContainsKey(seed)))
            .Select(seed => (IReadOnlyList<double>)[.. tests.Select(test => test[seed])])];
}

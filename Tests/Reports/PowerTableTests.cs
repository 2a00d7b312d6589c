using Ablation.Experiments.Reports.Page;
using Ablation.Experiments.Reports.Tables;
using Ablation.Experiments.Suites;
using Ablation.Harness.Statistics;

namespace Ablation.Tests.Reports;

[Parallelizable]
public sealed class PowerTableTests
{
    [Test]
    public void Power_table_as_Markdown()
    {
        double[] baseline = [0.951, 0.9525, 0.9531, 0.952, 0.9518];
        (string Loss, double[] Values)[] losses =
        [
            ("Softmax", baseline), ("ArcFace", [0.9701, 0.9724, 0.9718, 0.9722, 0.9707]), ("Npt", [0.9522, 0.9519, 0.956, 0.9525, 0.952]),
            ("CosFace", [0.9512, 0.9524, 0.9532, 0.9519, 0.9517]), ("one seed", [0.96]), ("the same", baseline), ("failed", []),
        ];
        var column = new ResultColumn("accuracy", "10-fold, grid", true, ValueFormat.Percent) { IsPrimary = true };
        var cells = ColumnCells.Build([.. losses.Select(loss => new SeedRow(
            loss.Values.Index().ToDictionary(one => one.Index, one => one.Item), new HashSet<int>(), true))], 0, column, 1, 0.001);
        var table = new ResultTable("t", [column], [.. losses.Zip(cells, (loss, cell) => new ResultRow(loss.Loss, [cell]))])
        {
            Baseline = "Softmax",
            Place = "LFW: Small, 56 px"
        };
        Golden.Check(MarkdownWriter.Write(PowerTable.Build(table, 0)!));
    }

    [Test]
    public void The_same_trials_again_are_no_second_loss()
    {
        double[] baseline = [0.951, 0.9525, 0.9531, 0.952, 0.9518], other = [0.9701, 0.9724, 0.9718, 0.9722, 0.9707];
        var column = new ResultColumn("accuracy", "10-fold, grid", true, ValueFormat.Percent) { IsPrimary = true };
        SeedRow Row(double[] values, string trials) =>
            new(values.Index().ToDictionary(one => one.Index, one => one.Item), new HashSet<int>(), true) { Trials = trials };
        var alone = ColumnCells.Build([Row(baseline, "a"), Row(other, "b")], 0, column, 1, null);
        var cells = ColumnCells.Build([Row(baseline, "a"), Row(other, "b"), Row(baseline, "a"), Row(other, "b")], 0, column, 1, null);
        Assert.That(cells[2].Comparison, Is.Null, "the baseline's own trials");
        Assert.That((cells[1].Comparison, cells[3].Comparison), Is.EqualTo((alone[1].Comparison, alone[1].Comparison)));
        Assert.That(cells.Select(cell => cell.Interval), Is.EqualTo(new[] { alone[0].Interval, alone[1].Interval, alone[0].Interval,
            alone[1].Interval }), "no scatter is borrowed twice");
        var last = ColumnCells.Build([Row(other, "b"), Row(baseline, "a"), Row(baseline, "a")], 2, column, 1, null);
        Assert.That(last[1].Comparison, Is.Null);
        Assert.That(last[0].Comparison!.Difference, Is.EqualTo(alone[1].Comparison!.Difference));
    }

    [TestCase(0.01234, "0.012")]
    [TestCase(0.001, "0.001")]
    [TestCase(0.0009, "< 0.001")]
    [TestCase(null, "n/a")]
    public void P_values_are_never_0(double? p, string text) => Assert.That(PowerTable.P(p), Is.EqualTo(text));

    [Test]
    public void A_table_of_results_has_the_same_differences_intervals_and_p()
    {
        using var stored = new StoredSuite().Save();
        var summary = Summary.Read(stored.Suite, stored.Store);
        foreach (var table in summary.Tables)
        {
            var column = table.Primary.Single();
            var power = PowerTable.Build(table, column)!;
            Assert.That(power.Rows.Select(row => row[0].Text),
                Is.EqualTo(table.Rows.Select(row => row.Name)
                    .Where(name => name != stored.Suite.BaselineLabel() && name != Labels.Untrained)));
            var format = table.Columns[column].Format;
            foreach (var row in power.Rows)
            {
                var one = table.Rows.Single(row2 => row2.Name == row[0].Text).Cells[column].Comparison!;
                Assert.That((row[1].Text, row[2].Text, row[5].Text), Is.EqualTo((format.Signed(one.Difference),
                    ComparisonWords.Ends(one.Simultaneous!.Value, format), PowerTable.P(one.AdjustedP))));
            }

            Assert.That(power.Caption, Does.Contain(table.ConditionLabel).And.EndsWith("Dunnett over 2 losses."));
            Assert.That(PowerTable.Build(table, column + 1), Is.Null, "a column that is only described");
        }
    }

    [Test]
    public void Losses_are_ranked_over_conditions()
    {
        using var stored = new StoredSuite().Save();
        var summary = Summary.Read(stored.Suite, stored.Store);
        var ranked = RankedLosses.Rank(summary, "EER", "interpolated")!;
        Assert.That(ranked.Losses, Is.EqualTo(summary.Rows.Where(row => row != Labels.Untrained)));
        Assert.That(ranked.Ranks.Blocks, Is.EqualTo(2), "two resolutions");
        Assert.That(ranked.Difference, Is.Not.Null);
        var expected = Friedman.Test([.. summary.Tables.Select(table =>
            (IReadOnlyList<double?>)[.. table.Rows.Where(row => row.Name != Labels.Untrained)
            .Select(row => row.Cells[table.Columns.ToList().FindIndex(column => column.Name == "EER")].Mean)])],
            higherIsBetter: false)!;
        Assert.That(ranked.Ranks.MeanRanks, Is.EqualTo(expected.MeanRanks));
        Assert.That(RankedLosses.Rank(summary, "rank-1", "any mate"), Is.Null);
    }
}

using Ablation.Experiments.Reports.Tables;
using Ablation.Experiments.Suites;
using Ablation.Harness.Statistics;

namespace Ablation.Tests.Reports;

/// <summary>The rows compared with the baseline, and the number of comparisons in Holm's correction.</summary>
public sealed class ComparedRowsTests
{
    [Test]
    public void The_untrained_network_is_not_compared_or_counted_by_Holm()
    {
        using var known = new KnownSuite(16).Save();
        Require(Summary.Read(known.Suite, known.Store).Tables.Single(), Labels.Untrained);
    }

    [Test]
    public void A_specified_table_shows_it_without_a_comparison()
    {
        using var known = new KnownSuite(16).Save();
        var options = new TableOptions
        {
            Title = "with the untrained network",
            Rows =
            [
                new TableRow { Loss = "Softmax" }, new TableRow { Loss = Labels.Untrained, Name = "at the start" },
                new TableRow { Loss = "Npt" }, new TableRow { Loss = "ArcFace" },
            ],
            Columns = [new TableColumn { Test = "pairs", Metric = "accuracy" }, new TableColumn { Test = "pairs", Metric = "EER" }],
        };
        Require(Summary.Read(known.Suite with { Tables = [options] }, known.Store).Specified.Single(), "at the start");
    }

    /// <summary>Holm's correction over ArcFace and NPT in every column, by hand; no verdict on the baseline and the untrained
    /// network.</summary>
    private static void Require(ResultTable table, string untrained)
    {
        var baseline = table.Rows.Single(row => row.Name == "Softmax");
        var compared = table.Rows.Where(row => row.Name is "ArcFace" or "Npt").ToList();
        var tests = compared.SelectMany(row => Enumerable.Range(0, table.Columns.Count)
            .Select(column => PairedComparison.Compare(row.Seeds(column), baseline.Seeds(column)).TTestP)).ToList();
        Assert.That(tests.OfType<double>().Count(), Is.GreaterThan(3));
        Assert.That(compared.SelectMany(row => row.Cells).Select(cell => cell.HolmP), Is.EqualTo(Holm.Adjust(tests)));
        foreach (var name in new[] { "Softmax", untrained })
        {
            var cells = table.Rows.Single(row => row.Name == name).Cells;
            Assert.That(cells[0].Mean, Is.Not.Null);
            Assert.That(cells.Select(cell => cell.Verdict), Is.All.Null, name);
            Assert.That(cells.Select(cell => cell.HolmP), Is.All.Null, name);
        }
    }
}

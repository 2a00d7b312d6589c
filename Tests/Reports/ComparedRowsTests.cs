using Ablation.Experiments.Reports.Tables;
using Ablation.Experiments.Suites;
using Ablation.Harness.Statistics;

namespace Ablation.Tests.Reports;

/// <summary>The rows compared with the baseline, and the number of losses in the correction.</summary>
[Parallelizable]
public sealed class ComparedRowsTests
{
    [Test]
    public void The_untrained_network_is_not_compared_or_counted()
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

    /// <summary>Requires the comparisons of ArcFace and NPT alone in every column; none of the baseline and the untrained
    /// network.</summary>
    private static void Require(ResultTable table, string untrained)
    {
        var baseline = table.Rows.Single(row => row.Name == "Softmax");
        var compared = table.Rows.Where(row => row.Name is "ArcFace" or "Npt").ToList();
        for (var column = 0; column < table.Columns.Count; column++)
        {
            var expected = ModeratedT.Compare(new ComparedColumn(new LossSeeds(baseline.Seeds(column)),
                [.. compared.Select(row => new LossSeeds(row.Seeds(column)))])
            {
                HigherIsBetter = table.Columns[column].HigherIsBetter,
                IsShare = true,
                IsPrimary = table.Columns[column].IsPrimary,
            });
            Assert.That(compared.Select(row => row.Cells[column].Comparison), Is.EqualTo(expected), table.Columns[column].Name);
        }

        Assert.That(table.Primary, Is.EqualTo(new[] { 0 }));
        Assert.That(compared.Select(row => row.Cells[0].Comparison!.Family!.Losses), Is.All.EqualTo(2));
        foreach (var name in new[] { "Softmax", untrained })
        {
            var cells = table.Rows.Single(row => row.Name == name).Cells;
            Assert.That(cells[0].Mean, Is.Not.Null);
            Assert.That(cells.Select(cell => cell.Comparison), Is.All.Null, name);
        }
    }
}

using Ablation.Experiments.Reports.Panels;
using Ablation.Experiments.Reports.Plots;
using Ablation.Experiments.Reports.Tables;
using Ablation.Harness.Statistics;
using Ablation.Tests.Reports.Plots;

namespace Ablation.Tests.Reports.Panels;

/// <summary>The tables of the page say what the tables of results hold.</summary>
[Parallelizable]
public sealed class ResultBlockTests
{
    private static readonly ResultBlocks Blocks = new(new Emphasis("Npt", "ArcFace"));

    private static ResultTable Table(bool higherIsBetter = true) => new("caption",
    [
        new ResultColumn("accuracy", "10-fold, grid", higherIsBetter, ValueFormat.Percent with { Decimals = 1 }) { Test = "LFW",
            IsPrimary = true },
        new ResultColumn("EER", "interpolated", false, ValueFormat.Percent) { Test = "LFW" },
        new ResultColumn("TAR@FAR=1e-6", "conservative", true, ValueFormat.Percent) { Test = "LFW" },
    ],
    [
        Row("ArcFace", Cell(0.749, 3, null)),
        Row("Npt", Cell(0.633, 3, ExamplePlots.Compared(Verdict.Worse, 3, -0.116, 0.022))),
        Row("Softmax", Cell(0.76, 2, ExamplePlots.Compared(Verdict.Open, 2, 0.011, 0.03))),
        Row("Failed", ResultCell.Missing),
    ])
    { Baseline = "ArcFace" };

    [Test]
    public void The_first_column_sorts_and_what_failed_stands_at_the_foot()
    {
        Assert.That(OfTable().Lines.Select(line => line.Name), Is.EqualTo(new[] { "Softmax", "ArcFace", "Npt", "Failed" }));
        Assert.That(Blocks.Main("", [Table(higherIsBetter: false)], (_, _) => true).Lines.Select(line => line.Name),
            Is.EqualTo(new[] { "Npt", "ArcFace", "Softmax", "Failed" }));
        Assert.That(OfTable().Lines.Where(line => line.IsSubject).Select(line => line.Name), Is.EqualTo(new[] { "Npt" }));
        Assert.That(OfTable().Lines.Where(line => line.IsBaseline).Select(line => line.Name), Is.EqualTo(new[] { "ArcFace" }));
    }

    [Test]
    public void Marks_differences_and_bars_are_those_of_the_comparison()
    {
        ResultValue Of(string name) => OfTable().Lines.Single(line => line.Name == name).Values[0];
        Assert.That((Of("Npt").Mark, Of("Npt").IsBetter, Of("Npt").Difference), Is.EqualTo(("▼", false, "−11.6")));
        Assert.That((Of("Softmax").Mark, Of("Softmax").Difference, Of("Softmax").Remark), Is.EqualTo(("", "+1.1", "n = 2")));
        Assert.That((Of("ArcFace").Mark, Of("ArcFace").Difference, Of("ArcFace").Bar!.IsFilled), Is.EqualTo(("", "baseline", true)));
        Assert.That(Of("Failed").Text, Is.EqualTo("n/a"));
        Assert.That((Of("Npt").Bar!.IsFilled, Of("Softmax").Bar!.IsFilled), Is.EqualTo((true, false)));
        Assert.That(Of("Npt").Bar!.Words, Does.Contain("-11.60 points").And.Contain("-13.80 to -9.40")
            .And.Contain("together -14.90 to -8.30"));
        var axis = OfTable().Heads[0].Axis!;
        foreach (var bar in new[] { Of("Npt").Bar!, Of("Softmax").Bar! })
        {
            Assert.That(bar.Together!.From, Is.LessThan(bar.Alone!.From));
            Assert.That(bar.Together.To, Is.GreaterThan(bar.Alone.To));
            Assert.That(bar.Mean, Is.EqualTo((bar.Alone.From + bar.Alone.To) / 2).Within(1e-9));
        }

        Assert.That(Of("Npt").Bar!.Together!.To, Is.LessThan(axis.Zero), "it leaves 0 out");
        Assert.That(Of("Softmax").Bar!.Together!.From, Is.LessThan(axis.Zero));
        Assert.That(axis.Ticks.Select(tick => tick.Text), Does.Contain("−10").And.Contain("0"));
    }

    [Test]
    public void Seeds_are_said_once_and_an_empty_column_goes_and_is_named()
    {
        var block = OfTable();
        Assert.That(block.Heads.Select(head => head.Text), Is.EqualTo(new[] { "accuracy (%)", "EER (%)" }));
        Assert.That(block.Note, Does.Contain("n = 3 seeds").And.Contain("left out: TAR@FAR=1e-6").And.Contain("right of 0 is better"));
        Assert.That(Blocks.Main("", [Table(higherIsBetter: false)], (_, _) => true).Note, Does.Contain("left of 0 is better"));
        Assert.That(Blocks.Measures("", Table()).IsMain, Is.False);
    }

    [Test]
    public void A_bar_much_longer_than_the_thick_ones_is_cut_with_an_arrow()
    {
        var wide = ExamplePlots.Compared(Verdict.Open, 3, 0.01, 0.02) with { Simultaneous = new Bounds(-3, 0.05) };
        var table = new ResultTable("", [Table().Columns[0]], [new ResultRow("ArcFace", [Cell(0.7, 3, null)]), new ResultRow("Npt",
            [Cell(0.7, 3, wide)])])
        { Baseline = "ArcFace" };
        var bar = Blocks.Main("", [table], (_, _) => true).Lines.Single(line => line.Name == "Npt").Values[0].Bar!;
        Assert.That((bar.Together!.IsCutLow, bar.Together.IsCutHigh, bar.Together.From), Is.EqualTo((true, false, 0.0)));
    }

    private static ResultBlock OfTable() => Blocks.Main("main", [Table()], (_, _) => true);

    private static ResultRow Row(string name, ResultCell cell) => new(name,
        [cell, cell.Known is null ? ResultCell.Missing : Cell(0.1, 3, null), ResultCell.Missing]);

    private static ResultCell Cell(double mean, int seeds, LossComparison? comparison) =>
        new(mean, new Bounds(mean - 0.026, mean + 0.026), 0.01, seeds) { Comparison = comparison };
}

using System.Globalization;
using Ablation.Experiments.Reports.Page;
using Ablation.Experiments.Reports.Tables;
using Ablation.Harness.Statistics;

namespace Ablation.Tests.Reports;

[Parallelizable]
public sealed class TableTests
{
    [Test]
    public void Table_as_Markdown() => Golden.Check(MarkdownWriter.Write(TextTable.Build(ExampleTable.Make())));

    [Test]
    public void Table_as_LaTeX() => Golden.Check(LatexTable.Write(ExampleTable.Make(), "tab:losses"));

    [Test]
    public void Table_as_CSV() => Golden.Check(TableCsv.WriteDefault([ExampleTable.InSummary()]));

    [Test]
    public void CSV_numbers_read_back_bit_for_bit()
    {
        var mean = ExampleTable.Make().Rows[1].Cells[0].Mean!.Value;
        var line = TableCsv.WriteDefault([ExampleTable.InSummary()]).Split('\n')
            .Single(text => text.Contains("ArcFace", StringComparison.Ordinal) && text.Contains("LFW accuracy", StringComparison.Ordinal));
        Assert.That(line.Split(',').Any(field => double.TryParse(field, NumberStyles.Float, null, out var read) && read == mean));
        Assert.That(ValueFormat.Percent.Text(mean), Is.Not.EqualTo((100 * mean).ToString("R")), "premise: the printed number is rounded");
    }

    [Test]
    public void Marks_follow_the_direction_of_the_metric()
    {
        Assert.That(Ranks(true, [0.1, 0.11, 0.12], [0.3, 0.31, 0.33], [0.2, 0.21, 0.22]),
            Is.EqualTo(new[] { Rank.None, Rank.Best, Rank.None }));
        Assert.That(Ranks(false, [0.1, 0.11, 0.12], [0.3, 0.31, 0.33], [0.2, 0.21, 0.22]),
            Is.EqualTo(new[] { Rank.Best, Rank.None, Rank.None }));
    }

    [Test]
    public void The_untrained_network_is_never_among_the_best()
    {
        var table = new ResultTable("t", [new ResultColumn("metric", "estimator", true, ValueFormat.Percent)],
        [
            new ResultRow("untrained", [Cell([0.9, 0.91, 0.92])]), new ResultRow("a", [Cell([0.1, 0.11, 0.12])]),
            new ResultRow("b", [Cell([0.3, 0.31, 0.33])]),
        ]);
        Assert.That(table.Ranks.Cast<Rank>(), Is.EqualTo(new[] { Rank.None, Rank.None, Rank.Best }));
    }

    [TestCase(0.94125, "94.13", "+94.13")] // 94.12499999999999 in binary: half goes up
    [TestCase(0.97234, "97.23", "+97.23")]
    [TestCase(-0.0012, "-0.12", "-0.12")]
    [TestCase(-0.00001, "0.00", "0.00")]
    [TestCase(0.00001, "0.00", "0.00")]
    [TestCase(0.0, "0.00", "0.00")]
    [TestCase(double.NaN, "n/a", "n/a")]
    [TestCase(double.NegativeInfinity, "n/a", "n/a")]
    [TestCase(null, "n/a", "n/a")]
    public void Percentages_have_two_decimals(double? value, string text, string signed)
    {
        Assert.That(ValueFormat.Percent.Text(value), Is.EqualTo(text));
        Assert.That(ValueFormat.Percent.Signed(value), Is.EqualTo(signed));
    }

    [Test]
    public void A_row_of_another_length_is_refused() =>
        Assert.That(() => new ResultTable("t", [], [new ResultRow("Npt", [ResultCell.Missing])]),
            Throws.ArgumentException.With.Message.Contains("Npt"));

    private static List<Rank> Ranks(bool higherIsBetter, params double[][] values) => [.. Ranking.Marks(new ResultTable("t",
        [new ResultColumn("metric", "estimator", higherIsBetter, ValueFormat.Percent)],
        [.. values.Select((seeds, i) => new ResultRow($"row {i}", [Cell(seeds)]))])).Cast<Rank>()];

    private static ResultCell Cell(double[] seeds) =>
        ResultCell.OfSeeds(new LossSeeds(seeds.Index().ToDictionary(seed => seed.Index, seed => seed.Item)));
}

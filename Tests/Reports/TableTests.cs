using System.Globalization;
using Ablation.Experiments.Reports.Page;
using Ablation.Experiments.Reports.Tables;

namespace Ablation.Tests.Reports;

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
        Assert.That(Ranks(true, [0.1, 0.11], [0.3, 0.31], [0.2, 0.21001]), Is.EqualTo(new[] { Rank.None, Rank.Best, Rank.Second }));
        Assert.That(Ranks(false, [0.1, 0.11], [0.3, 0.31], [0.2, 0.21001]), Is.EqualTo(new[] { Rank.Best, Rank.None, Rank.Second }));
    }

    [Test]
    public void A_mark_needs_a_distinguishable_difference()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Ranks(true, [0.9], [0.8]), Is.All.EqualTo(Rank.None), "one seed has no test");
            Assert.That(Ranks(true, [0.9, 0.91]), Is.All.EqualTo(Rank.None), "nothing to compare with");
            Assert.That(Ranks(true, [0.900001, 0.900003], [0.900002, 0.900003]), Is.All.EqualTo(Rank.None), "both print 90.00");
            Assert.That(Ranks(true, [0.90, 0.92, 0.89], [0.89, 0.90, 0.90]), Is.All.EqualTo(Rank.None), "the seeds disagree");
            Assert.That(Ranks(true, [0.90, 0.92, 0.91], [0.80, 0.8201, 0.81], [0.79, 0.84, 0.70]),
                Is.EqualTo(new[] { Rank.Best, Rank.None, Rank.None }), "second and third are not distinguishable");
            Assert.That(Ranks(true, [0.900001, 0.910001], [0.900002, 0.910003], [0.800, 0.81001], []),
                Is.EqualTo(new[] { Rank.Best, Rank.Best, Rank.None, Rank.None }),
                    "values that print the same share a mark, and a gap has none");
        });
    }

    [Test]
    public void Marks_are_corrected_over_the_table()
    {
        double[] better = [0.90, 0.92, 0.91], worse = [0.892, 0.9105, 0.905]; // p = 0.03 uncorrected
        Assert.That(Ranks(true, better, worse)[0], Is.EqualTo(Rank.Best));
        var column = new ResultColumn("metric", "estimator", true, ValueFormat.Percent);
        ResultCell[] ones = [Cell(better), Cell(better)], others = [Cell(worse), Cell(worse)];
        Assert.That(Ranking.Marks(new ResultTable("t", [column, column], [new ResultRow("a", ones), new ResultRow("b", others)]))
            .Cast<Rank>(), Is.All.EqualTo(Rank.None), "two such columns: Holm doubles the first");
    }

    [TestCase(0.97234, "97.23", "+97.23")]
    [TestCase(-0.0012, "-0.12", "-0.12")]
    [TestCase(-0.00001, "0.00", "0.00")]
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
        ResultCell.FromValues(seeds.Index().ToDictionary(seed => seed.Index, seed => seed.Item));
}

using Ablation.Experiments.Reports.Plots;
using Ablation.Experiments.Reports.Tables;
using Ablation.Harness.Metrics;
using Ablation.Harness.Statistics;
using Ablation.Tests.Metrics;

namespace Ablation.Tests.Reports.Plots;

/// <summary>The content of each kind of plot.</summary>
[Parallelizable]
public sealed class PlotContentTests
{
    private static readonly string[] Names = [.. ExamplePlots.Kinds];

    [TestCaseSource(nameof(Names))]
    public void A_picture_keeps_its_outline(string name)
    {
        using var drawing = ExamplePlots.All("title ")[name];
        Golden.Check(PictureOutline.Of(drawing.Svg()), $"Outline_of_{name}");
    }

    [Test]
    public void Cells_of_a_heat_map_have_the_colour_of_their_number_and_words_have_no_colour()
    {
        var cells = PictureOutline.TextsOnBoxes(Svg(ExamplePlots.Heat("", 0.8)));
        string Fill(string text) => cells.First(cell => cell.Text == text).Fill;
        Assert.That(Fill("80.00"), Is.EqualTo("#440154"), "the lower end of the scale");
        Assert.That(Fill("93.80"), Is.EqualTo("#FDE724").IgnoreCase.Or.EqualTo("#FDE725").IgnoreCase, "the highest");
        Assert.That(new[] { Fill("diverged"), Fill("at chance"), Fill("not run") }, Is.All.EqualTo("white"));
        Assert.That(cells.Where(cell => cell.Text is "86.80" or "87.00").Select(cell => cell.Fill).Distinct()
            .Count(), Is.EqualTo(2), "and between them");
        Assert.That(cells.Select(cell => cell.Text), Does.Contain("2 of 3"));
        Assert.That(Svg(ExamplePlots.Heat("", 0.7)), Does.Not.Contain("93.80").And.Contain("83.80"));
    }

    [Test]
    public void Values_of_a_heat_map_are_along_their_axes_in_the_given_order()
    {
        var outline = PictureOutline.Of(Svg(ExamplePlots.Heat("", 0.8))).Split('\n');
        double[] Places(string[] values, int coordinate) =>
            [.. values.Select(value =>
                double.Parse(outline.First(line => line.Contains($"\"{value}\"", StringComparison.Ordinal)).Split('(', ')')[1]
                    .Split(", ")[coordinate]))];
        Assert.That(Places(ExamplePlots.HeatColumns, 0), Is.Ordered);
        Assert.That(Places(ExamplePlots.HeatRows, 1), Is.Ordered.Descending, "from below");
    }

    [Test]
    public void A_heat_map_of_another_shape_is_refused() => Assert.That(
        () => HeatMap.Draw([new HeatMapPanel("p", [[new HeatCell(0.5, "")]])], "x", ["1", "2"], "y", ["1"], "accuracy",
            ValueFormat.Percent), Throws.ArgumentException.With.Message.Contains("1 x 2 cells"));

    [Test]
    public void A_heat_map_of_only_words_or_one_number_is_drawn()
    {
        Assert.That(Svg(HeatMap.Draw([new HeatMapPanel("", [[new HeatCell(null, "diverged")]])], "x", ["1"], "y", ["1"], "m",
            ValueFormat.Percent)), Does.Contain("diverged"));
        Assert.That(Svg(HeatMap.Draw([new HeatMapPanel("", [[new HeatCell(0.5, "")]])], "x", ["1"], "y", ["1"], "m", ValueFormat.Percent)),
            Does.Contain("50.00"));
    }

    [Test]
    public void A_difference_is_filled_only_where_it_is_decided_and_its_thin_bar_is_longer()
    {
        string Mark(Verdict verdict) => Svg(ForestPlot.Draw("", "m", "Softmax",
            [new Difference("CosFace", ExamplePlots.Compared(verdict, 3, 0.01, 0.004))], ExamplePlots.Losses, ValueFormat.Percent, true));
        string Fills(string svg) => string.Join(' ', PictureOutline.Of(svg).Split('\n').Where(line => line.Contains("fill #B48225"))
            .Count(),
            PictureOutline.Of(svg).Split('\n').Where(line => line.Contains("fill white stroke - -") && line.StartsWith("line")).Count());
        Assert.That(Fills(Mark(Verdict.Better)), Is.EqualTo(Fills(Mark(Verdict.Worse))).And.Not.EqualTo(Fills(Mark(Verdict.Open))));
        var bars = PictureOutline.Of(Mark(Verdict.Open)).Split('\n').Where(line => line.Contains("line of 2 points")
            && line.Contains("#B48225"))
            .Select(line => line.Split(" to ")[0].Split('(')[1] is var from && line.Split(" to (")[1] is var to
                ? double.Parse(to.Split(',')[0]) - double.Parse(from.Split(',')[0]) : 0).ToList();
        Assert.That(bars[0], Is.EqualTo(1.5 * bars[1]).Within(2), "first the thin bar, then the thick one on it");
        var texts = PictureOutline.Texts(Svg(ExamplePlots.Forest("", ExamplePlots.Losses[1..])));
        Assert.That(texts, Does.Contain("+1.10 ± 0.45").And.Contain("+0.40, one seed").And.Contain("n/a")
            .And.Contain("-0.30 ± 0.75"));
        Assert.That(texts.Where(ExamplePlots.Losses.Contains), Is.EqualTo(ExamplePlots.Losses[1..]));
        Assert.That(Svg(ExamplePlots.Forest("", ExamplePlots.Losses[1..], higherIsBetter: false)), Does.Contain("left is better"));
    }

    [Test]
    public void Deviates_match_the_normal_distribution()
    {
        Assert.That(DetPlot.Deviate(0.5), Is.Zero.Within(1e-12));
        Assert.That(DetPlot.Deviate(0.975), Is.EqualTo(1.959963984540054).Within(1e-9));
        Assert.That(new[] { DetPlot.Deviate(0), DetPlot.Deviate(1), DetPlot.Deviate(double.NaN) }, Is.All.NaN);
    }

    [Test]
    public void A_DET_curve_is_one_less_the_ROC_and_ends_with_the_pairs()
    {
        var curve = RocCurve.Build(NaiveVerification.Random(1, pairs: 3000))!;
        var series = DetPlot.Mean("Npt", [curve]);
        Assert.That(series.X[^1], Is.LessThanOrEqualTo(0.5));
        var known = series.X.Zip(series.Y).Where(point => double.IsFinite(point.Second)).ToList();
        Assert.That(known, Is.Not.Empty);
        foreach (var (far, frr) in known) Assert.That(frr, Is.EqualTo(1 - curve.At(far)!.Value).Within(1e-12));
        Assert.That(known.Select(point => point.Second), Is.All.GreaterThanOrEqualTo(1.0 / curve.Genuine));
        Assert.That(DetPlot.Mean("Npt", []).Y, Is.All.NaN);
        var (low, high) = (DetPlot.Mean("Npt", [curve, RocCurve.Build(NaiveVerification.Random(3, pairs: 3000))!]).Low!, series.High!);
        Assert.That(low.Zip(series.Y).Where(pair => double.IsFinite(pair.First + pair.Second))
            .All(pair => pair.First <= pair.Second), "the lower edge is the lowest rate of rejection");
        Assert.That(high, Has.Length.EqualTo(series.X.Length));
    }

    [Test]
    public void A_density_counts_every_value_once()
    {
        var histogram = new Histogram("", ScottPlot.Colors.Black, [0, 0.5, 1, 2], [[0, 0.25, 0.5, 2], [0.75, 3]]);
        Assert.That(histogram.Density(), Is.EqualTo(new[] { (2 / 4.0 + 0) / 2 / 0.5, (1 / 4.0 + 1 / 2.0) / 2 / 0.5, (1 / 4.0 + 0) / 2 })
            .Within(1e-12));
        Assert.That(new Histogram("", ScottPlot.Colors.Black, [0, 1], [[]]).Density(), Is.Empty);
        Assert.That(Svg(HistogramPlot.Draw([new HistogramPanel("", [new Histogram("angles", ScottPlot.Colors.Black, [0, 1], [])])], "x")),
            Does.Contain("angles (n/a)"));
    }

    [Test]
    public void Ranks_are_sorted_best_first_with_their_bars()
    {
        var texts = PictureOutline.Texts(Svg(ExamplePlots.CriticalDifference("")));
        Assert.That(texts.Where(text => text.Contains('\u2002')),
            Is.EqualTo(new[] { "Npt\u20021.90", "CosFace\u20022.10", "ArcFace\u20022.30", "AdaFace\u20023.20", "4.60\u2002SphereFace",
                "5.40\u2002Softmax", "6.50\u2002Triplet" }));
        Assert.That(texts, Does.Contain("critical difference 1.27"));
        string Bars(params (int, int)[] groups) =>
            Svg(CriticalDifferencePlot.Draw("", [("Npt", 1.2), ("Softmax", 1.8), ("CosFace", 3)], 1, groups, ExamplePlots.Losses));
        Assert.That(new[] { Bars(), Bars((0, 1)), Bars((1, 2)), Bars((0, 1), (1, 2)) }, Is.Unique);
        Assert.That(() => CriticalDifferencePlot.Draw("", [("Npt", 1)], 1, [], ExamplePlots.Losses), Throws.ArgumentException);
    }

    [Test]
    public void Names_at_the_ends_of_any_number_of_lines_fit_the_picture()
    {
        string[] losses = [.. Enumerable.Range(1, 30).Select(i => $"CosFace (scale {i})")];
        using var drawing = CmcPlot.Draw("",
            [.. losses.Select(loss => CmcPlot.Mean(loss, 10, [[.. Enumerable.Range(1, 10).Select(rank => rank / 10.0)]]))], losses);
        var lines = PictureOutline.Of(drawing.Svg()).Split('\n').Where(line => line.Contains("CosFace (scale", StringComparison.Ordinal))
            .ToList();
        Assert.That(lines, Has.Count.EqualTo(30));
        Assert.That(lines.Select(line => double.Parse(line.Split('(', ')')[1].Split(", ")[1])),
            Is.Ordered.And.All.LessThan(drawing.Height - 8));
    }

    [Test]
    public void Values_that_are_too_close_share_a_label()
    {
        double[] values = [10, 11, 1000, 20000];
        var series = new Series("Npt", values, [0.5, 0.6, 0.7, 0.8]);
        var linear = PictureOutline.Texts(Svg(MetricByAxis.Draw("", "identities", false, "accuracy", [series], ExamplePlots.Losses,
            ValueFormat.Percent)));
        var logarithmic = PictureOutline.Texts(Svg(MetricByAxis.Draw("", "identities", true, "accuracy", [series], ExamplePlots.Losses,
            ValueFormat.Percent)));
        Assert.That(linear, Does.Contain("10").And.Contain("20000").And.Not.Contain("11").And.Not.Contain("1000"));
        Assert.That(logarithmic, Does.Contain("10").And.Contain("1000").And.Contain("20000").And.Not.Contain("11"));
    }

    private static string Svg(Drawing drawing)
    {
        using (drawing) return drawing.Svg();
    }
}

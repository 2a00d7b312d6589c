using Ablation.Experiments.Reports.Plots;
using Ablation.Experiments.Reports.Tables;
using Ablation.Harness.Metrics;
using Ablation.Tests.Metrics;

namespace Ablation.Tests.Reports.Plots;

[Parallelizable]
public sealed class PlotTests
{
    private static readonly string[] Names = ExamplePlots.Kinds;

    [TestCaseSource(nameof(Names))]
    public void The_same_input_gives_the_same_bytes(string name)
    {
        using var first = ExamplePlots.All("title")[name];
        using var second = ExamplePlots.All("title")[name];
        var svg = first.Svg();
        Assert.That(svg, Is.EqualTo(second.Svg()));
        Assert.That(first.Png(), Is.EqualTo(second.Png()));
        Assert.That(first.Pdf(), Is.EqualTo(second.Pdf()));
        Assert.That(first.Svg(), Is.EqualTo(svg), "drawing has no side effect");
    }

    [Category("Slow"), TestCaseSource(nameof(Names))]
    public void A_title_changes_pixels(string name)
    {
        using var with = ExamplePlots.All("A")[name];
        using var other = ExamplePlots.All("B")[name];
        Assert.That(with.Png(), Is.Not.EqualTo(other.Png()), "without a font no text is drawn, silently");
    }

    [TestCaseSource(nameof(Names))]
    public void The_text_uses_the_bundled_font(string name)
    {
        using var drawing = ExamplePlots.All("title")[name];
        var fonts = System.Text.RegularExpressions.Regex.Matches(drawing.Svg(), "font-family=\"([^\"]*)\"")
            .Select(match => match.Groups[1].Value);
        Assert.That(fonts.Distinct(), Is.EqualTo(new[] { EmbeddedFont.Name }));
        Assert.That(ScottPlot.Fonts.FontResolvers[0], Is.TypeOf<EmbeddedFont>(),
            "it takes precedence over a system font of that name");
    }

    [Test]
    public void PNG_SVG_and_PDF_are_written_side_by_side()
    {
        using var folder = new TemporaryFolder();
        using var drawing = ExamplePlots.Roc("t", ExamplePlots.Losses[..2]);
        drawing.Save(folder.File("plots"), "roc", drawing.Svg(), hasPdf: true);
        Assert.That(File.ReadAllBytes(folder.File("plots/roc.png"))[..4], Is.EqualTo(new byte[] { 0x89, (byte)'P', (byte)'N', (byte)'G' }));
        Assert.That(File.ReadAllText(folder.File("plots/roc.svg")), Does.StartWith("<?xml").And.Contain("<svg"));
        var pdf = System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(folder.File("plots/roc.pdf")));
        Assert.That(pdf, Does.StartWith("%PDF").And.Contain("/FontFile2").And.Contain("/MediaBox [0 0 238 "),
            "fonts inside; 3.3 inches wide");
    }

    [Test]
    public void Empty_and_NaN_series_are_drawn_without_an_error_and_named_as_missing()
    {
        double[] gaps = [double.NaN, double.NaN, double.PositiveInfinity];
        var missing = new Series("ArcFace", [0.1, 0.2, 0.3], gaps, gaps, gaps);
        Assert.Multiple(() =>
        {
            foreach (var series in new Series[][] { [], [missing], [new Series("Npt", [], []), missing],
                [new Series("Npt", [7], [0.9]), missing] })
            {
                var label = series.Length == 0 ? "svg" : "(n/a)";
                Assert.That(Svg(RocPlot.Draw("", series, ExamplePlots.Losses)), Does.Contain(label));
                Assert.That(Svg(DetPlot.Draw("", series, ExamplePlots.Losses)), Does.Contain(label));
                Assert.That(Svg(CmcPlot.Draw("", series, ExamplePlots.Losses)), Does.Contain(label));
                Assert.That(Svg(TrainingCurves.Draw([new TrainingPanel("", series)], ExamplePlots.Losses)), Does.Contain(label));
                Assert.That(Svg(MetricByAxis.Draw("", "pixels", true, "accuracy", series, ExamplePlots.Losses, ValueFormat.Percent)),
                    Does.Contain(label));
            }

            var row = new LossFigure("Npt", double.NaN, null, [double.NaN]);
            Assert.That(Svg(MetricByLoss.Draw("", "accuracy", [row], ExamplePlots.Losses, ValueFormat.Percent, "Npt")),
                Does.Contain("n/a"));
            Assert.That(Svg(MetricByLoss.Draw("", "accuracy", [], ExamplePlots.Losses, ValueFormat.Percent)), Does.Contain("svg"));
            Assert.That(() => TrainingCurves.Draw([], ExamplePlots.Losses), Throws.ArgumentException);
        });
    }

    [Test]
    public void A_curve_that_no_seed_has_is_missing()
    {
        Assert.That(RocPlot.Mean("Npt", []).Y, Is.All.NaN);
        var series = Series.OverSeeds("Npt", [1, 2, 3], [[1, 2, double.NaN], [3, 6, 9]]);
        Assert.That(series.Y, Is.EqualTo(new[] { 2, 4, double.NaN }));
        Assert.That(series.Low, Is.EqualTo(new[] { 1, 2, double.NaN }));
        Assert.That(series.High, Is.EqualTo(new[] { 3, 6, double.NaN }));
    }

    [Test]
    public void The_mean_curve_passes_through_the_values_of_the_table()
    {
        var scores = NaiveVerification.Random(1, pairs: 3000);
        var curve = RocCurve.Build(scores)!;
        var other = RocCurve.Build(NaiveVerification.Random(3, pairs: 3000))!;
        var series = RocPlot.Mean("Npt", [curve, other]);
        foreach (var far in new[] { 0.01, 0.1, 1 })
        {
            var i = Array.IndexOf(series.X, far);
            Assert.That(series.Y[i], Is.EqualTo((curve.At(far) + other.At(far)) / 2), $"FAR {far}");
        }

        Assert.That(series.X, Is.Ordered);
        Assert.That(series.X[0], Is.EqualTo(1.0 / curve.Impostors).Within(5).Percent);
        Assert.That(series.Y, Has.None.NaN);
    }

    [Test]
    public void Uneven_series_are_refused()
    {
        Assert.That(() => new Series("a", [1, 2], [1]), Throws.ArgumentException);
        Assert.That(() => new Series("a", [1], [1], [1]), Throws.ArgumentException, "a lower edge only");
        Assert.That(() => new Series("a", [1], [1], [1], [1, 2]), Throws.ArgumentException);
        Assert.That(() => Series.OverSeeds("a", [1, 2], [[1]]), Throws.ArgumentException);
    }

    [Test]
    public void The_style_of_a_loss_does_not_depend_on_what_else_is_drawn()
    {
        var styles = ExamplePlots.Losses.Select(loss => PlotStyle.ForLoss(loss, ExamplePlots.Losses)).ToList();
        Assert.That(styles, Is.Unique);
        Assert.That(Svg(ExamplePlots.Roc("", ["Npt"])), Does.Contain(Hex("Npt")).And.Not.Contain(Hex("Softmax")));
        Assert.That(Svg(ExamplePlots.ByResolution("", ["Npt"])), Does.Contain(Hex("Npt")).And.Not.Contain(Hex("Softmax")));
        Assert.That(() => PlotStyle.ForLoss("Unheard", ExamplePlots.Losses), Throws.ArgumentException.With.Message.Contains("Unheard"));
    }

    private static string Hex(string loss) => PlotStyle.ForLoss(loss, ExamplePlots.Losses).Color.ToHex();

    private static string Svg(Drawing drawing)
    {
        using (drawing) return drawing.Svg();
    }
}

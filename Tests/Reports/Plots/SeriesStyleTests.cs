using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Ablation.Experiments.Reports.Plots;
using SkiaSharp;

namespace Ablation.Tests.Reports.Plots;

/// <summary>Many losses in one plot can be told apart, by their lines and by the names at their ends.</summary>
[Parallelizable]
public sealed partial class SeriesStyleTests
{
    private static readonly double[] Rates = [.. Enumerable.Range(0, 101).Select(i => Math.Pow(10, -4 + i / 25.0))];

    [Test]
    public void A_style_depends_on_the_name_and_not_on_what_is_drawn()
    {
        var names = Names(32);
        var svg = Svg(RocPlot.Draw("", [Line(names[20], 20)], names));
        Assert.That(svg, Does.Contain(PlotStyle.ForLoss(names[20], names).Color.ToHex()).IgnoreCase);
        Assert.That(PlotStyle.ForLoss(names[20], names).Identity, Is.EqualTo(PlotStyle.ForLoss(names[20], [.. names.Reverse()]).Identity));
    }

    [Test]
    public void Lines_differ_in_their_pixels_without_colour()
    {
        var names = Names(32);
        var pictures = names.Select(name =>
        {
            using var drawing = RocPlot.Draw("",
                [new Series("loss", Rates, [.. Rates.Select(rate => 0.5 + Math.Log10(rate) / 10)]) { StyledAs = name }], names);
            using var bitmap = SKBitmap.Decode(drawing.Png());
            return (PlotStyle.ForLoss(name, names).Identity, Pixels: Convert.ToHexString(
                SHA256.HashData(
                    [.. bitmap.Pixels.Select(pixel => (byte)(pixel.Red < 225 || pixel.Green < 225 || pixel.Blue < 225 ? 0 : 1))])));
        }).ToList();
        foreach (var alike in pictures.GroupBy(picture => picture.Pixels))
            Assert.That(alike.Select(picture => (picture.Identity.Dash, picture.Identity.Marker)).Distinct().Count(), Is.EqualTo(1),
                "in black and white, lines of another dash or marker");
        Assert.That(pictures.Select(picture => picture.Pixels).Distinct().Count(), Is.GreaterThan(10));
    }

    [TestCase(8)]
    [TestCase(17)]
    [TestCase(32)]
    [TestCase(48)]
    public void Every_line_has_its_name_at_its_end(int count)
    {
        var names = Names(count);
        using var drawing = DetPlot.Draw("title", [.. names.Select(Line)], names);
        var svg = drawing.Svg();
        Assert.That(PictureOutline.Texts(svg).Where(names.Contains), Is.EquivalentTo(names), "every loss exactly once");
        var places = EndText().Matches(PictureOutline.Of(svg)).Select(match => int.Parse(match.Groups[1].Value)).Order().ToList();
        Assert.That(places.Zip(places.Skip(1), (one, next) => next - one), Is.All.GreaterThanOrEqualTo(15), "no name lies on another");
        Assert.That(places[^1], Is.LessThan(drawing.Height - 16));
        using var bitmap = SKBitmap.Decode(drawing.Png());
        Assert.That(Enumerable.Range(0, bitmap.Height).Select(y => bitmap.GetPixel(bitmap.Width - 4, y))
            .Concat(Enumerable.Range(0, bitmap.Width).Select(x => bitmap.GetPixel(x, bitmap.Height - 4))),
            Is.All.EqualTo(SKColors.White), "nothing is cut at the edges");
        Assert.That(drawing.Warning, Is.Empty);
    }

    [Test]
    public void More_losses_than_styles_are_warned_of()
    {
        string[] names = [.. Enumerable.Range(0, 180).Select(i => $"Invented{i}")];
        using var drawing = DetPlot.Draw("", [.. names.Select(Line)], names);
        Assert.That(drawing.Warning, Does.Contain("more losses than"));
    }

    [Test]
    public void A_dashed_line_is_drawn_in_pieces()
    {
        string[] names = ["AdaFace", "ArcFace"]; // long dashes, and solid
        Assert.That(Svg(RocPlot.Draw("", [Line("AdaFace", 0)], names)).Count(c => c == 'M'),
            Is.GreaterThan(20 + Svg(RocPlot.Draw("", [Line("ArcFace", 0)], names)).Count(c => c == 'M')));
    }

    private static string[] Names(int count) => [.. Enumerable.Range(0, count).Select(i => $"CosFace (cosineMargin {i / 100.0:F2})")];

    private static Series Line(string name, int place) => new(name, Rates, [.. Rates.Select(rate => Math.Pow(rate, 0.05 + 0.004 * place))]);

    private static string Svg(Drawing drawing)
    {
        using (drawing) return drawing.Svg();
    }

    [GeneratedRegex("text at \\(\\d+, (\\d+)\\) \"CosFace")]
    private static partial Regex EndText();
}

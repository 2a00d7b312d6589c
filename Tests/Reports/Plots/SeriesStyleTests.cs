using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Ablation.Experiments.Reports.Page;
using Ablation.Experiments.Reports.Plots;
using SkiaSharp;

namespace Ablation.Tests.Reports.Plots;

/// <summary>Many losses in one plot are distinguishable from each other, in their lines and in the legend.</summary>
public sealed partial class SeriesStyleTests
{
    private static readonly double[] Rates = [.. Enumerable.Range(0, 101).Select(i => Math.Pow(10, -4 + i / 25.0))];

    [Test]
    public void Every_two_losses_look_different_up_to_the_limit()
    {
        Assert.That(SeriesStyle.Distinct, Is.EqualTo(48));
        for (var i = 0; i < SeriesStyle.Distinct; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var (one, other) = (SeriesStyle.At(i), SeriesStyle.At(j));
                Assert.That((one.Marker, one.LineWidth), Is.Not.EqualTo((other.Marker, other.LineWidth)),
                    $"{j} and {i} in print without colour");
                if (one.Marker == other.Marker) Assert.That(one.Color, Is.Not.EqualTo(other.Color), $"{j} and {i} have one marker");
            }
        }

        Assert.That(Enumerable.Range(0, SeriesStyle.Hues).Select(i => SeriesStyle.At(i).Color), Is.Unique);
    }

    [Test]
    public void A_style_depends_on_the_place_in_the_suite_and_not_on_what_is_drawn()
    {
        var names = Names(32);
        Assert.That(names.Select(name => PlotStyle.ForLoss(name, names)), Is.EqualTo(Enumerable.Range(0, 32).Select(SeriesStyle.At)));
        var svg = Svg(RocPlot.Draw("", [Line(names[20], 20)], names));
        Assert.That(svg, Does.Contain(SeriesStyle.At(20).Color.ToHex()));
    }

    [Test]
    public void Lines_differ_in_their_pixels_without_colour()
    {
        var names = Names(SeriesStyle.Distinct);
        var pictures = names.Select(name =>
        {
            using var drawing = RocPlot.Draw("",
                [new Series("loss", Rates, [.. Rates.Select(rate => 0.5 + Math.Log10(rate) / 10)]) { StyledAs = name }], names);
            using var bitmap = SKBitmap.Decode(drawing.Png());
            return Convert.ToHexString(
                SHA256.HashData(
                    [.. bitmap.Pixels.Select(pixel => (byte)(pixel.Red < 225 || pixel.Green < 225 || pixel.Blue < 225 ? 0 : 1))]));
        });
        Assert.That(pictures, Is.Unique, "in black and white");
    }

    [TestCase(8)]
    [TestCase(17)]
    [TestCase(32)]
    [TestCase(48)]
    public void A_legend_is_complete(int count)
    {
        var names = Names(count);
        using var drawing = RocPlot.Draw("title", [.. names.Select(Line)], names);
        var svg = drawing.Svg();
        Assert.That(PictureOutline.Texts(svg).Where(names.Contains), Is.EqualTo(names), "every loss exactly once");
        var lowest = LegendText().Matches(PictureOutline.Of(svg)).Max(match => int.Parse(match.Groups[1].Value));
        Assert.That(lowest, Is.LessThan(drawing.Height - 16));
        using var bitmap = SKBitmap.Decode(drawing.Png());
        Assert.That(Enumerable.Range(0, bitmap.Height).Select(y => bitmap.GetPixel(bitmap.Width - 4, y))
            .Concat(Enumerable.Range(0, bitmap.Width).Select(x => bitmap.GetPixel(x, bitmap.Height - 4))),
            Is.All.EqualTo(SKColors.White), "nothing is cut at the edges");
        Assert.That(drawing.Warning, Is.Empty);
    }

    [Test]
    public void Above_the_limit_the_caption_has_a_warning()
    {
        var names = Names(49);
        using var drawing = DetPlot.Draw("", [.. names.Select(Line)], names);
        Assert.That(drawing.Warning, Does.Contain("distinguish 48 losses"));
    }

    [Test]
    public void Lines_of_many_losses_have_staggered_markers()
    {
        var names = Names(16);
        var svg = Svg(RocPlot.Draw("", [.. names.Select(Line)], names));
        var squares = PictureOutline.Of(svg).Split('\n')
            .Where(line => line.Contains("size (8, 8)")
                && line.Contains(SeriesStyle.At(1).Color.ToHex(), StringComparison.OrdinalIgnoreCase)).ToList();
        Assert.That(squares, Has.Count.EqualTo(4 + 1), "four on the line, one in the legend");
        Assert.That(squares.Select(line => line.Split('(', ',')[1]), Is.Unique);
    }

    [Test]
    public void The_page_has_a_swatch_for_every_style()
    {
        var swatches = Enumerable.Range(0, SeriesStyle.Distinct).Select(SeriesStyle.At)
            .Select(style => LossSwatch.Svg(style, style.Color.ToHex().ToUpperInvariant())).ToList();
        Assert.That(swatches, Is.Unique);
        Assert.That(swatches.Select(swatch => Colours().Replace(swatch, "")), Is.Unique, "without colour");
    }

    private static string[] Names(int count) => [.. Enumerable.Range(0, count).Select(i => $"CosFace (cosineMargin {i / 100.0:F2})")];

    private static Series Line(string name, int place) => new(name, Rates, [.. Rates.Select(rate => Math.Pow(rate, 0.05 + 0.004 * place))]);

    private static string Svg(Drawing drawing)
    {
        using (drawing) return drawing.Svg();
    }

    [GeneratedRegex("text at \\(\\d+, (\\d+)\\) \"CosFace")]
    private static partial Regex LegendText();

    [GeneratedRegex(" (class=\"[sf]k\"|(stroke|fill)=\"#[0-9A-F]{6}\")")]
    private static partial Regex Colours();
}

using ScottPlot;

namespace Ablation.Experiments.Reports.Plots;

/// <summary>The style of one loss, in every plot of a report and on its page.</summary>
public sealed record SeriesStyle(Color Color, MarkerShape Marker, float LineWidth)
{
    /// <summary>How many losses marker and width distinguish; beyond, some differ in colour alone, and the caption says so (<see
    /// cref="Drawing.Warning"/>).</summary>
    public static int Distinct => Markers.Length * Widths.Length;

    /// <summary>Losses that differ in colour alone.</summary>
    public static int Hues => Colours.Length;

    // M. Okabe and K. Ito, Color Universal Design, 2008, without yellow, which is too faint for a line on white; and a brown, which differs
    // from their vermilion in lightness
    private static readonly Color[] Colours =
        [.. new[] { "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000",
            "#8C5A2B" }.Select(hex => Color.FromHex(hex))];

    private static readonly MarkerShape[] Markers =
    [
        MarkerShape.FilledCircle, MarkerShape.FilledSquare, MarkerShape.FilledTriangleUp, MarkerShape.FilledDiamond,
        MarkerShape.FilledTriangleDown, MarkerShape.OpenCircle, MarkerShape.OpenSquare, MarkerShape.OpenDiamond,
        MarkerShape.OpenTriangleUp, MarkerShape.Eks, MarkerShape.OpenTriangleDown, MarkerShape.Cross,
        MarkerShape.OpenCircleWithCross, MarkerShape.TriUp, MarkerShape.Asterisk, MarkerShape.TriDown,
    ];

    // not dashes: Skia's SVG canvas cannot draw them and says so on standard error for every line
    private static readonly float[] Widths = [PlotStyle.LineWidth, PlotStyle.LineWidth / 2, PlotStyle.LineWidth * 2];

    // odd, so that losses with one marker differ in colour besides the width
    private const int Shift = 3;

    /// <summary>
    /// Returns the style at a place in the order of losses. Eight colours and sixteen markers cycle together; after sixteen losses the
    /// width changes and the colours shift, so that marker and width name a loss in print without colour, and no two losses of one marker
    /// share a colour.
    /// </summary>
    public static SeriesStyle At(int place)
    {
        var round = place / Markers.Length;
        return new SeriesStyle(Colours[(place + Shift * round) % Colours.Length], Markers[place % Markers.Length],
            Widths[round % Widths.Length]);
    }
}

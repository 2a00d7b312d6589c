using ScottPlot;

namespace Ablation.Experiments.Reports.Plots;

/// <summary>The style of one loss, in every plot of a report and on its page.</summary>
public sealed record SeriesStyle(Color Color, MarkerShape Marker, float LineWidth)
{
    /// <summary>Number of losses that marker and width distinguish; beyond it some differ only in colour, and the caption says so
    /// (<see cref="Drawing.Warning"/>).</summary>
    public static int Distinct => Markers.Length * Widths.Length;

    /// <summary>Number of colours.</summary>
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
    /// Returns the style at a position in the order of losses. Eight colours and sixteen markers cycle together; after sixteen losses the
    /// width changes and the colours shift. So marker and width identify a loss in print without colour, and no two losses with the same
    /// marker share a colour.
    /// </summary>
    public static SeriesStyle At(int place)
    {
        var round = place / Markers.Length;
        return new SeriesStyle(Colours[(place + Shift * round) % Colours.Length], Markers[place % Markers.Length],
            Widths[round % Widths.Length]);
    }
}

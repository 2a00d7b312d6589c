using Ablation.Experiments.Reports.Plots;
using ScottPlot;

namespace Ablation.Experiments.Reports.Page;

/// <summary>Draws a loss's line and marker beside its name, as in the legends of plots.</summary>
public static class LossSwatch
{
    private const string Circle = "M12 3.5a4.5 4.5 0 1 0 .01 0z", Square = "M8 4h8v8H8z", Diamond = "M12 2.5l5.5 5.5-5.5 5.5L6.5 8z";
    private const string Up = "M12 3l5 9H7z", Down = "M12 13l5-9H7z";
    private const string Cross = "M12 3.5v9M7.5 8h9", Eks = "M9 5l6 6M15 5l-6 6";

    /// <summary>Returns a picture of 24 x 16 units.</summary>
    /// <param name="colour">In capitals: "#0072B2".</param>
    public static string Svg(SeriesStyle style, string colour)
    {
        var (path, isFilled) = Shape(style.Marker);
        var black = colour == "#000000";
        var stroke = $"{(black ? " class=\"sk\"" : "")} stroke=\"{colour}\"";
        var width = style.LineWidth.ToString("0.##");
        var fill = isFilled ? $"{(black ? " class=\"fk\"" : "")} fill=\"{colour}\"" : $"{stroke} fill=\"none\" stroke-width=\"1.8\"";
        return $"<svg class=\"swatch themed\" viewBox=\"0 0 24 16\" aria-hidden=\"true\"><path{stroke} stroke-width=\"{width}\" d=\"M0 " +
            $"8h24\" /><path{fill} d=\"{path}\" /></svg>";
    }

    /// <exception cref="NotSupportedException">The marker is not one that losses use.</exception>
    private static (string Path, bool IsFilled) Shape(MarkerShape marker) => marker switch
    {
        MarkerShape.None => ("", true),
        MarkerShape.FilledCircle => (Circle, true),
        MarkerShape.FilledSquare => (Square, true),
        MarkerShape.FilledTriangleUp => (Up, true),
        MarkerShape.FilledDiamond => (Diamond, true),
        MarkerShape.FilledTriangleDown => (Down, true),
        MarkerShape.OpenCircle => (Circle, false),
        MarkerShape.OpenSquare => (Square, false),
        MarkerShape.OpenDiamond => (Diamond, false),
        MarkerShape.OpenTriangleUp => (Up, false),
        MarkerShape.OpenTriangleDown => (Down, false),
        MarkerShape.Eks => (Eks, false),
        MarkerShape.Cross => (Cross, false),
        MarkerShape.OpenCircleWithCross => (Circle + Cross, false),
        MarkerShape.TriUp => ("M12 8v-5M12 8l4.5 3.5M12 8l-4.5 3.5", false),
        MarkerShape.TriDown => ("M12 8v5M12 8l4.5-3.5M12 8l-4.5-3.5", false),
        MarkerShape.Asterisk => (Cross + Eks, false),
        _ => throw new NotSupportedException($"the page has no shape for {marker}; add one to LossSwatch"),
    };
}

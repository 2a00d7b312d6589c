using ScottPlot;
using SkiaSharp;

namespace Ablation.Experiments.Reports.Plots;

/// <summary>A line with the dashes of its loss. ScottPlot's own cannot be used: Skia's SVG canvas draws no dashes, and complains.</summary>
/// <param name="points">At least one.</param>
internal sealed class LossLine(IReadOnlyList<Coordinates> points, SeriesStyle style) : IPlottable
{
    public bool IsVisible { get; set; } = true;

    public IAxes Axes { get; set; } = new Axes();

    public IEnumerable<LegendItem> LegendItems => [];

    public AxisLimits GetAxisLimits() =>
        new(points.Min(at => at.X), points.Max(at => at.X), points.Min(at => at.Y), points.Max(at => at.Y));

    public void Render(RenderPack rp)
    {
        using var path = new SKPath();
        for (var i = 0; i < points.Count; i++)
        {
            var at = Axes.GetPixel(points[i]);
            if (i == 0) path.MoveTo(at.X, at.Y);
            else path.LineTo(at.X, at.Y);
        }

        Stroke(rp.Canvas, path, style);
    }

    /// <summary>Draws a path in a style, each dash as a piece of it.</summary>
    internal static void Stroke(SKCanvas canvas, SKPath path, SeriesStyle style)
    {
        using var paint = new SKPaint
        {
            Color = style.Color.ToSKColor(),
            IsStroke = true,
            StrokeWidth = style.LineWidth,
            IsAntialias = true,
            StrokeJoin = SKStrokeJoin.Round,
        };
        if (style.Identity.Pattern is not [var line, var gap])
        {
            canvas.DrawPath(path, paint);
            return;
        }

        using var dashed = new SKPath();
        using var measure = new SKPathMeasure(path);
        for (var from = 0f; from < measure.Length; from += line + gap)
            measure.GetSegment(from, Math.Min(from + line, measure.Length), dashed, startWithMoveTo: true);
        canvas.DrawPath(dashed, paint);
    }
}

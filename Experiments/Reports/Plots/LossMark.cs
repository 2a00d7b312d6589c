using ScottPlot;
using SkiaSharp;

namespace Ablation.Experiments.Reports.Plots;

/// <summary>The marker of a loss at a point, filled or open.</summary>
/// <param name="size">Width in units.</param>
internal sealed class LossMark(Coordinates point, SeriesStyle style, float size, bool isFilled = true) : IPlottable
{
    private const float OutlineWidth = 10; // units of the outlines of markers
    private const float EdgeWidth = 1.5f;

    public bool IsVisible { get; set; } = true;

    public IAxes Axes { get; set; } = new Axes();

    public IEnumerable<LegendItem> LegendItems => [];

    public AxisLimits GetAxisLimits() => new(point.X, point.X, point.Y, point.Y);

    public void Render(RenderPack rp) => Draw(rp.Canvas, Axes.GetPixel(point), style, size, isFilled);

    /// <summary>Draws a marker around a pixel; nothing for the untrained network, which has none.</summary>
    internal static void Draw(SKCanvas canvas, Pixel at, SeriesStyle style, float size, bool isFilled = true)
    {
        if (style.Identity.Outline.Length == 0) return;
        using var outline = SKPath.ParseSvgPathData(style.Identity.Outline);
        outline.Transform(SKMatrix.CreateScaleTranslation(size / OutlineWidth, size / OutlineWidth, at.X, at.Y));
        using var paint = new SKPaint { IsAntialias = true, Color = isFilled ? style.Color.ToSKColor() : SKColors.White };
        canvas.DrawPath(outline, paint);
        (paint.Color, paint.IsStroke, paint.StrokeWidth) = (style.Color.ToSKColor(), true, EdgeWidth);
        canvas.DrawPath(outline, paint);
    }
}

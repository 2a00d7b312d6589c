using Ablation.Experiments.Reports.Tables;
using ScottPlot;
using SkiaSharp;

namespace Ablation.Experiments.Reports.Plots;

/// <summary>The name of a line, at its end.</summary>
/// <param name="End">Where the line ends, in coordinates; null for a line without points, which is named as missing.</param>
/// <param name="Value">Before the name: "49.3"; empty for none.</param>
internal sealed record LineEnd(string Name, string Value, SeriesStyle Style, Coordinates? End);

/// <summary>Names of lines at their ends, in their order, in place of a legend: right of the plot, which makes room for them.</summary>
internal sealed class LineEnds : IPlottable, IRenderLast
{
    private const float Leader = 8, MarkAt = 15, TextAt = 25, Below = 4.5f, Size = PlotStyle.TextSize - 1;
    private readonly IReadOnlyList<LineEnd> ends;

    private LineEnds(IReadOnlyList<LineEnd> ends) => this.ends = ends;

    public bool IsVisible { get; set; } = true;

    public IAxes Axes { get; set; } = new Axes();

    public IEnumerable<LegendItem> LegendItems => [];

    /// <summary>Units that the names need from top to bottom.</summary>
    public double Height => ends.Count * EndLabels.Gap;

    /// <summary>Whether two lines look the same, since there are more losses than styles.</summary>
    public bool HasRepeats => ends.Select(end => end.Style.Identity).Distinct().Count() < ends.Count;

    public static void Add(Plot plot, IReadOnlyList<LineEnd> ends)
    {
        if (ends.Count == 0) return;
        plot.Axes.Right.MinimumSize = ends.Max(end => EmbeddedFont.WidthOf(Text(end), Size, IsBold(end))) + TextAt + 4;
        plot.PlottableList.Add(new LineEnds([.. ends.OrderByDescending(end => end.End?.Y ?? double.NegativeInfinity)]));
    }

    public AxisLimits GetAxisLimits() => AxisLimits.NoLimits;

    public void Render(RenderPack rp)
    {
        // names stand outside the plot: see RenderLast
    }

    public void RenderLast(RenderPack rp)
    {
        var data = rp.DataRect;
        var pixels = ends.Select(end => end.End is { } at
            ? Math.Clamp(Axes.GetPixel(at).Y, data.Top, data.Bottom) : (double)data.Bottom).ToList();
        var places = EndLabels.Place(pixels, data.Top + 6, data.Bottom - 2);
        using var faint = new SKPaint { Color = PlotStyle.LeaderColour.ToSKColor(), IsStroke = true, StrokeWidth = 1, IsAntialias = true };
        using var ink = new SKPaint { Color = PlotStyle.Ink.ToSKColor(), IsAntialias = true };
        for (var i = 0; i < ends.Count; i++)
        {
            var (end, y) = (ends[i], (float)places[i]);
            if (end.End is not null) rp.Canvas.DrawLine(data.Right + 1, (float)pixels[i], data.Right + Leader, y, faint);
            LossMark.Draw(rp.Canvas, new Pixel(data.Right + MarkAt, y), end.Style, PlotStyle.MarkerSize);
            if (end.Style.Identity.Outline.Length == 0) Stroke(rp.Canvas, data.Right + Leader, y, end.Style);
            rp.Canvas.Save();
            rp.Canvas.Translate(data.Right + TextAt, y + Below);
            rp.Canvas.DrawText(Text(end), 0, 0, SKTextAlign.Left, Font(end), ink);
            rp.Canvas.Restore();
        }
    }

    private static void Stroke(SKCanvas canvas, float x, float y, SeriesStyle style)
    {
        using var line = new SKPath();
        line.MoveTo(x, y);
        line.LineTo(x + 14, y);
        LossLine.Stroke(canvas, line, style);
    }

    private static string Text(LineEnd end) => end.End is null ? $"{end.Name} ({ValueFormat.Missing})"
        : end.Value.Length > 0 ? $"{end.Value} {end.Name}" : end.Name;

    private static SKFont Font(LineEnd end) => IsBold(end) ? EmbeddedFont.BoldOf(Size) : EmbeddedFont.RegularOf(Size);

    private static bool IsBold(LineEnd end) => end.Style.LineWidth > PlotStyle.LineWidth;
}

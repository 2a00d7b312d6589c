using System.Text;
using Ablation.Experiments.Store;
using ScottPlot;
using SkiaSharp;

namespace Ablation.Experiments.Reports.Plots;

/// <summary>One or more plots side by side, rendered as PNG, SVG and PDF. The same input gives the same bytes.</summary>
public sealed class Drawing : IDisposable
{
    /// <summary>Size of one panel in SVG units; a PNG has twice as many pixels each way.</summary>
    public const int PanelWidth = 760, PanelHeight = 460;

    /// <summary>Width of a column of a paper in points: 3.3 inches.</summary>
    public const float ColumnPoints = 3.3f * 72;

    private const int TitleRoom = 30, LeastColumnHeight = 150;
    private const int ColumnPanelWidth = 400, ColumnPanelHeight = 290; // units, so that 13 units of type are 7.7 points
    private const int PixelsPerUnit = 2;
    private const int Margin = 8;
    private const int LegendRow = 21, LegendMargin = 90; // title and axis label are above and below the legend

    // rows of flat colour compress better without a filter, and in half the time; level 6 takes three times as long for a tenth less
    private static readonly SKPngEncoderOptions Unfiltered = new(SKPngEncoderFilterFlags.None, 3);
    private readonly Plot[] panels;
    private readonly int columns;
    private readonly int panelHeight;

    /// <param name="panels">Drawn in rows of at most two.</param>
    public Drawing(params IReadOnlyList<Plot> panels)
        : this(PanelHeight, panels)
    {
    }

    internal Drawing(int panelHeight, params IReadOnlyList<Plot> panels)
    {
        if (panels.Count == 0) throw new ArgumentException("no panels; omit the figure", nameof(panels));
        this.panels = [.. panels];
        // a legend longer than the panel would be cut off
        this.panelHeight = panelHeight = Math.Max(panelHeight,
            panels.Max(panel => LegendMargin + Math.Max(LegendRow * panel.Legend.ManualItems.Count, (int)Ends(panel).Sum(ends =>
                ends.Height))));
        columns = Math.Min(2, panels.Count);
        foreach (var panel in panels)
        {
            // the first time, ScottPlot draws a plot twice, the second time with the final margins: do that where nothing is painted
            using (var nowhere = new SKNoDrawCanvas(PanelWidth - 2 * Margin, panelHeight - 2 * Margin))
                panel.Render(nowhere, new PixelRect(0, PanelWidth - 2 * Margin, panelHeight - 2 * Margin, 0));
            panel.RenderManager.ClearCanvasBeforeEachRender = false; // it would clear the other panels too
        }
    }

    /// <summary>The addition to a caption if two lines of one panel look the same; empty as long as there are styles for all.</summary>
    public string Warning => panels.Any(panel => Ends(panel).Any(ends => ends.HasRepeats))
        ? " Some lines look alike: there are more losses than combinations of colour, dash and marker." : "";

    /// <summary>What the figure shows, in one line; it heads the page's panel and names the PDF.</summary>
    public string Title { get; set; } = "";

    public int Width => PanelWidth * columns;

    public int Height => panelHeight * ((panels.Length + columns - 1) / columns);

    public byte[] Png()
    {
        using var surface = SKSurface.Create(new SKImageInfo(Width * PixelsPerUnit, Height * PixelsPerUnit));
        surface.Canvas.Scale(PixelsPerUnit);
        Paint(surface.Canvas);
        using var pixels = surface.PeekPixels();
        using var opaque = pixels!.WithAlphaType(SKAlphaType.Opaque); // all is painted on white: three bytes per pixel, not four
        using var data = opaque.Encode(Unfiltered);
        return data!.ToArray(); // null only for an option that cannot be encoded
    }

    public string Svg()
    {
        using var stream = new MemoryStream();
        using (var canvas = SKSvgCanvas.Create(SKRect.Create(Width, Height), stream)) Paint(canvas);
        return SvgText.Canonical(Encoding.UTF8.GetString(stream.ToArray()));
    }

    /// <summary>
    /// Returns one page as wide as a column of a paper, with the panels below each other and their fonts inside. The plots are laid out
    /// anew for it, so that type is 7 to 8 points; a caption stands in the paper, so that the title is left out.
    /// </summary>
    public byte[] Pdf()
    {
        // a panel of rows needs their height; one of curves may be flatter
        var height = panelHeight < PanelHeight ? Math.Max(LeastColumnHeight, panelHeight - TitleRoom)
            : panelHeight - (PanelHeight - ColumnPanelHeight);
        using var stream = new MemoryStream();
        var about = SKDocumentPdfMetadata.Default with { };
        about.Title = Title;
        using (var document = SKDocument.CreatePdf(stream, about))
        {
            var scale = ColumnPoints / ColumnPanelWidth;
            var canvas = document.BeginPage(ColumnPoints, scale * height * panels.Length);
            canvas.Scale(scale);
            for (var i = 0; i < panels.Length; i++)
            {
                var isTitled = panels[i].Axes.Title.IsVisible;
                panels[i].Axes.Title.IsVisible = isTitled && panels.Length > 1; // then it says which panel is which
                panels[i].Render(canvas, new PixelRect(Margin, ColumnPanelWidth - Margin, (i + 1) * height - Margin, i * height + Margin));
                panels[i].Axes.Title.IsVisible = isTitled;
            }

            document.EndPage();
            document.Close();
        }

        return stream.ToArray();
    }

    /// <summary>Writes name.png, name.svg and name.pdf.</summary>
    public void Save(string folder, string name) => Save(folder, name, Svg(), hasPdf: true);

    /// <inheritdoc cref="Save(string, string)"/>
    /// <param name="svg">Of <see cref="Svg"/>.</param>
    /// <param name="hasPdf">Whether to write the PDF too.</param>
    public void Save(string folder, string name, string svg, bool hasPdf)
    {
        // a report draws them again: none of hundreds waits until it is on the disk
        AtomicFile.Write(Path.Combine(folder, name + ".png"), Png(), isLasting: false);
        AtomicFile.Write(Path.Combine(folder, name + ".svg"), svg, isLasting: false);
        if (hasPdf) AtomicFile.Write(Path.Combine(folder, name + ".pdf"), Pdf(), isLasting: false);
    }

    public void Dispose()
    {
        foreach (var panel in panels) panel.Dispose();
    }

    private static IEnumerable<LineEnds> Ends(Plot panel) => panel.PlottableList.OfType<LineEnds>();

    private void Paint(SKCanvas canvas)
    {
        using (var white = new SKPaint { Color = SKColors.White }) canvas.DrawRect(0, 0, Width, Height, white);
        for (var i = 0; i < panels.Length; i++)
        {
            var (left, top) = (i % columns * PanelWidth, i / columns * panelHeight);
            panels[i].Render(canvas, new PixelRect(left + Margin, left + PanelWidth - Margin, top + panelHeight - Margin, top + Margin));
        }
    }
}

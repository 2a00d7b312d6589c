using Ablation.Experiments.Reports.Tables;
using ScottPlot;
using ScottPlot.Colormaps;
using ScottPlot.TickGenerators;

namespace Ablation.Experiments.Reports.Plots;

/// <summary>A cell: a number, or the reason why it is missing.</summary>
/// <param name="Mean">Raw mean; a cell with null is hatched.</param>
/// <param name="Words">Below the number ("2 of 3"), or in its place ("diverged").</param>
public sealed record HeatCell(double? Mean, string Words);

/// <param name="Rows">Rows x columns of cells.</param>
public sealed record HeatMapPanel(string Title, IReadOnlyList<IReadOnlyList<HeatCell>> Rows);

/// <summary>Plots a metric over two settings: one cell per pair of values with its number, coloured on one scale for all panels.</summary>
/// <remarks>Viridis (van der Walt and Smith, 2015): perceptually uniform, also with red-green colour blindness.</remarks>
public static class HeatMap
{
    private const double Inset = 0.485; // half a cell, less a thin white line
    private const int HatchLines = 5;
    private static readonly Color HatchColour = Color.FromHex("#D8DCE0");

    /// <param name="columns">Values of the horizontal axis, from the left.</param>
    /// <param name="rows">Values of the vertical axis, from the bottom.</param>
    /// <param name="metric">"accuracy, 10-fold, grid": what the colours mean.</param>
    /// <exception cref="ArgumentException">A panel has a different number of rows or columns.</exception>
    public static Drawing Draw(
        IReadOnlyList<HeatMapPanel> panels, string xLabel, IReadOnlyList<string> columns, string yLabel, IReadOnlyList<string> rows,
            string metric, ValueFormat format)
    {
        if (panels.FirstOrDefault(panel => panel.Rows.Count != rows.Count
            || panel.Rows.Any(row => row.Count != columns.Count)) is { } wrong)
            throw new ArgumentException(
                $"panel \"{wrong.Title}\" does not have {rows.Count} x {columns.Count} cells; give one for every pair of values",
                    nameof(panels));
        var known = panels.SelectMany(panel => panel.Rows).SelectMany(row => row).Select(cell => cell.Mean).OfType<double>()
            .DefaultIfEmpty(0.5).ToList();
        var scale = new HeatScale(format.Scale * known.Min(), format.Scale * known.Max());
        return new Drawing(150 + Math.Clamp(46 * rows.Count, 140, 620),
            [.. panels.Select(panel => Panel(panel, xLabel, columns, yLabel, rows, scale, metric, format))]);
    }

    private static Plot Panel(
        HeatMapPanel panel, string xLabel, IReadOnlyList<string> columns, string yLabel, IReadOnlyList<string> rows, HeatScale scale,
            string metric, ValueFormat format)
    {
        var plot = PlotStyle.New(panel.Title, xLabel, yLabel);
        plot.HideGrid();
        var size = Math.Clamp(4 + 56f / columns.Count, 10, 13); // so that it fits into a cell
        for (var y = 0; y < rows.Count; y++)
        {
            for (var x = 0; x < columns.Count; x++) Cell(plot, panel.Rows[y][x], x, y, scale, format, size);
        }

        plot.Axes.Bottom.TickGenerator = Values(columns);
        plot.Axes.Left.TickGenerator = Values(rows);
        foreach (var axis in new IAxis[] { plot.Axes.Bottom, plot.Axes.Left }) axis.MajorTickStyle.Length = 0;
        plot.Axes.SetLimits(-0.5, columns.Count - 0.5, -0.5, rows.Count - 0.5);
        var bar = plot.Add.ColorBar(scale);
        bar.Label = format.Label(metric);
        bar.LabelStyle.FontName = EmbeddedFont.Name;
        (bar.LabelStyle.FontSize, bar.LabelStyle.Bold, bar.LabelStyle.ForeColor) = (PlotStyle.TextSize, false, PlotStyle.Ink);
        bar.Axis.TickLabelStyle.FontName = EmbeddedFont.Name;
        bar.Axis.TickLabelStyle.FontSize = PlotStyle.TextSize - 1;
        bar.Axis.FrameLineStyle.Width = 0;
        return plot;
    }

    private static void Cell(Plot plot, HeatCell cell, int x, int y, HeatScale scale, ValueFormat format, float size)
    {
        var fill = cell.Mean is { } mean ? scale.ColorOf(format.Scale * mean) : Colors.White;
        var box = plot.Add.Rectangle(x - Inset, x + Inset, y - Inset, y + Inset);
        (box.FillColor, box.LineWidth) = (fill, 0);
        if (cell.Mean is null) Hatch(plot, x, y);
        var number = cell.Mean is null ? "" : format.Text(cell.Mean);
        var text = plot.Add.Text(number.Length == 0 ? cell.Words : cell.Words.Length == 0 ? number : $"{number}\n{cell.Words}", x, y);
        (text.LabelFontName, text.LabelFontSize, text.LabelAlignment) = (EmbeddedFont.Name, size, Alignment.MiddleCenter);
        text.LabelFontColor = cell.Mean is null ? PlotStyle.Ink : HeatScale.IsDark(fill) ? Colors.White : PlotStyle.Ink;
        if (cell.Mean is null) (text.LabelBackgroundColor, text.LabelPadding) = (Colors.White, 2); // keeps words clear of the hatching
    }

    /// <summary>Hatches a cell from lower left to upper right with single lines, so that an SVG contains lines instead of a
    /// bitmap.</summary>
    private static void Hatch(Plot plot, int x, int y)
    {
        for (var i = 1; i < 2 * HatchLines; i++)
        {
            var shift = (i - HatchLines) / (double)HatchLines; // of the line y = x + shift through a cell of side 1
            var (from, to) = (Math.Max(0, -shift), Math.Min(1, 1 - shift));
            double At(double share) => 2 * Inset * share - Inset;
            var line = plot.Add.Line(x + At(from), y + At(from + shift), x + At(to), y + At(to + shift));
            (line.LineColor, line.LineWidth) = (HatchColour, 1);
        }
    }

    private static NumericManual Values(IReadOnlyList<string> values) => new([.. values.Select((_, i) => (double)i)], [.. values]);

    /// <summary>Maps values to colours, with the range of the colour bar.</summary>
    private sealed class HeatScale(double lowest, double highest) : IHasColorAxis
    {
        private readonly double low = highest > lowest ? lowest : lowest - 0.5;
        private readonly double high = highest > lowest ? highest : highest + 0.5;

        public IColormap Colormap { get; } = new Viridis();

        public ScottPlot.Range GetRange() => new(low, high);

        public Color ColorOf(double value) => Colormap.GetColor(Math.Clamp((value - low) / (high - low), 0, 1));

        /// <summary>Whether a colour is dark, by the luma of Rec. 601.</summary>
        public static bool IsDark(Color color) => 0.299 * color.R + 0.587 * color.G + 0.114 * color.B < 130;
    }
}

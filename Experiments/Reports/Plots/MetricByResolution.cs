using System.Globalization;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace Ablation.Experiments.Reports.Plots;

/// <summary>A metric over the side of the image in pixels: a line a loss, with the interval of each point.</summary>
public static class MetricByResolution
{
    private const double Spread = 0.022; // of an octave, between neighbouring losses: intervals stand beside each other

    /// <param name="series">X = pixels, above 0; Y = raw metric; Low and High = ends of the 95 % interval.</param>
    /// <param name="metric">"LFW accuracy"; the unit comes from <paramref name="format"/>.</param>
    /// <param name="lossOrder">Gives each loss its look; the same list for every plot of a report.</param>
    public static Drawing Draw(
        string title, string metric, IReadOnlyList<Series> series, IReadOnlyList<string> lossOrder, ValueFormat format)
    {
        var plot = PlotStyle.New(title, "resolution (px)", format.Label(metric));
        var middle = (series.Count - 1) / 2.0;
        var shifted = series.Select((one, i) => one with { X = Array.ConvertAll(one.X, size => At(size) + Spread * (i - middle)) }).ToList();
        foreach (var one in shifted.Where(one => one.Low is not null))
            Intervals(plot, one, PlotStyle.Of(one.Name, lossOrder), format.Scale);
        var lines = shifted.ConvertAll(one => new Series(one.Name, one.X, one.Y));
        SeriesPainter.Paint(plot, lines, lossOrder, x => x, value => format.Scale * value, _ => true);
        var sizes = series.SelectMany(one => one.X).Where(size => size > 0).Distinct().Order().ToArray();
        plot.Axes.Bottom.TickGenerator = new NumericManual(
            [.. sizes.Select(At)], [.. sizes.Select(size => size.ToString(CultureInfo.InvariantCulture))]);
        plot.Axes.AutoScale();
        var limits = plot.Axes.GetLimits();
        plot.Axes.SetLimitsY(format.Clip(limits.Bottom), format.Clip(limits.Top));
        return new Drawing(plot);
    }

    private static double At(double size) => size > 0 ? Math.Log2(size) : double.NaN;

    private static void Intervals(Plot plot, Series series, SeriesStyle style, double scale)
    {
        for (var i = 0; i < series.X.Length; i++)
        {
            var (x, low, high) = (series.X[i], scale * series.Low![i], scale * series.High![i]);
            if (!double.IsFinite(x + low + high)) continue;
            var interval = plot.Add.ScatterLine(new[] { x, x }, new[] { low, high }, style.Color);
            interval.LineWidth = 1.2f;
            interval.MarkerShape = MarkerShape.HorizontalBar;
            interval.MarkerSize = 6;
            interval.MarkerLineWidth = 1.2f;
        }
    }
}

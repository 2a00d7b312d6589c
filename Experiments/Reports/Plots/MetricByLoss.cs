using Ablation.Experiments.Reports.Tables;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace Ablation.Experiments.Reports.Plots;

/// <summary>A loss's figure over its seeds, raw.</summary>
/// <param name="Mean">Null or NaN if missing; the row then shows n/a.</param>
/// <param name="HalfWidth">Half of the 95 % t interval; null below two seeds.</param>
/// <param name="Seeds">The single values.</param>
public sealed record LossFigure(string Loss, double? Mean, double? HalfWidth, IReadOnlyList<double> Seeds);

/// <summary>Plots one metric: one row per loss, from the top in the order given, with the mean, its 95 % interval, and the seeds
/// below.</summary>
public static class MetricByLoss
{
    private const double SeedOffset = 0.24; // rows are 1 apart

    /// <param name="metric">"LFW accuracy"; the unit comes from <paramref name="format"/>.</param>
    /// <param name="lossOrder">Gives each loss its style; the same list for every plot of a report.</param>
    /// <param name="baseline">A loss whose mean is drawn as a line through all rows, or null.</param>
    public static Drawing Draw(
        string title, string metric, IReadOnlyList<LossFigure> rows, IReadOnlyList<string> lossOrder, ValueFormat format,
        string? baseline = null)
    {
        var plot = PlotStyle.New(title, format.Label(metric), "");
        if (rows.FirstOrDefault(row => row.Loss == baseline)?.Mean is { } reference && double.IsFinite(reference))
            plot.Add.VerticalLine(reference * format.Scale, 1, PlotStyle.Faint);

        var missing = new List<int>();
        for (var i = 0; i < rows.Count; i++)
        {
            if (rows[i].Mean is { } mean && double.IsFinite(mean))
                Row(plot, rows[i], mean, -i, PlotStyle.ForLoss(rows[i].Loss, lossOrder), format.Scale);
            else
                missing.Add(i);
        }

        plot.Axes.Left.TickGenerator = new NumericManual([.. rows.Select((_, i) => (double)-i)], [.. rows.Select(row => row.Loss)]);
        plot.Axes.Left.MajorTickStyle.Length = 0;
        plot.Axes.AutoScale();
        var limits = plot.Axes.GetLimits();
        plot.Axes.SetLimitsX(format.Clip(limits.Left), format.Clip(limits.Right));
        if (missing.Count == rows.Count) plot.Axes.SetLimitsX(0, format.Scale);
        plot.Axes.SetLimitsY(0.4 - rows.Count, 0.5);
        foreach (var i in missing)
        {
            var text = plot.Add.Text(ValueFormat.Missing, plot.Axes.GetLimits().HorizontalCenter, -i);
            (text.LabelFontName, text.LabelFontSize, text.LabelFontColor) = (EmbeddedFont.Name, PlotStyle.TextSize - 1, PlotStyle.Faint);
            text.LabelAlignment = Alignment.MiddleCenter;
        }

        return new Drawing(110 + 34 * Math.Max(rows.Count, 2), plot);
    }

    private static void Row(Plot plot, LossFigure row, double mean, double y, SeriesStyle style, double scale)
    {
        if (row.HalfWidth is { } half && double.IsFinite(half))
        {
            var interval = plot.Add.ScatterLine(new[] { scale * (mean - half), scale * (mean + half) }, new[] { y, y }, style.Color);
            interval.LineWidth = PlotStyle.LineWidth;
            interval.MarkerShape = MarkerShape.VerticalBar;
            interval.MarkerSize = 9;
            interval.MarkerLineWidth = PlotStyle.LineWidth;
        }

        plot.PlottableList.Add(new LossMark(new Coordinates(scale * mean, y), style, PlotStyle.MarkerSize + 2));
        foreach (var seed in row.Seeds.Where(double.IsFinite))
            plot.Add.Marker(scale * seed, y - SeedOffset, MarkerShape.FilledCircle, 4.5f, style.Color.WithOpacity(0.6));
    }
}

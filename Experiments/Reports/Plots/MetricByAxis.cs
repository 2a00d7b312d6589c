using Ablation.Experiments.Reports.Tables;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace Ablation.Experiments.Reports.Plots;

/// <summary>
/// Plots a metric over a numeric setting (resolution, identities, batch size, label noise): one line per loss, with the interval of each
/// point.
/// </summary>
public static class MetricByAxis
{
    private const double Spread = 0.0045; // share of the axis between neighbouring losses, so that intervals do not overlap
    private const double LabelGap = 0.055; // share of the axis below which labels would overlap

    /// <param name="xLabel">The number with its unit: "resolution (px)".</param>
    /// <param name="isLogarithmic">If so, values of 0 and below are not drawn.</param>
    /// <param name="series">X = the number; Y = raw metric; Low and High = ends of the 95 % interval.</param>
    /// <param name="metric">"LFW accuracy"; the unit comes from <paramref name="format"/>.</param>
    /// <param name="lossOrder">Gives each loss its style; the same list for every plot of a report.</param>
    public static Drawing Draw(
        string title, string xLabel, bool isLogarithmic, string metric, IReadOnlyList<Series> series, IReadOnlyList<string> lossOrder,
            ValueFormat format)
    {
        var plot = PlotStyle.New(title, xLabel, format.Label(metric));
        double At(double value) => isLogarithmic ? LogAxis.Log10(value) : value;
        double[] values = [.. series.SelectMany(one => one.X).Where(value => double.IsFinite(At(value))).Distinct().Order()];
        var width = values.Length < 2 ? 1 : At(values[^1]) - At(values[0]);
        var middle = (series.Count - 1) / 2.0;
        var shifted = series.Select((one, i) =>
            one with { X = Array.ConvertAll(one.X, value => At(value) + Spread * width * (i - middle)) }).ToList();
        foreach (var one in shifted.Where(one => one.Low is not null))
            Intervals(plot, one, PlotStyle.ForLoss(one.StyledAs, lossOrder), format.Scale);
        var lines = shifted.ConvertAll(one => new Series(one.Name, one.X, one.Y) { StyledAs = one.StyledAs });
        SeriesPainter.Paint(plot, lines, lossOrder, x => x, value => format.Scale * value, _ => true);
        Ticks(plot, values, At, width);
        plot.Axes.AutoScale();
        var limits = plot.Axes.GetLimits();
        plot.Axes.SetLimitsY(format.Clip(limits.Bottom), format.Clip(limits.Top));
        return new Drawing(plot);
    }

    /// <summary>Sets a tick at every value, labelled if there is room.</summary>
    private static void Ticks(Plot plot, double[] values, Func<double, double> at, double width)
    {
        var ticks = new NumericManual();
        var last = double.NegativeInfinity;
        foreach (var value in values)
        {
            if (at(value) - last < LabelGap * width)
            {
                ticks.AddMinor(at(value));
                continue;
            }

            ticks.AddMajor(at(value), value.ToString());
            last = at(value);
        }

        plot.Axes.Bottom.TickGenerator = ticks;
        plot.Axes.Bottom.MinorTickStyle.Length = 3;
    }

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

using Ablation.Experiments.Reports.Plots;
using ScottPlot;
using Drawing = Ablation.Experiments.Reports.Plots.Drawing;
using PlotStyle = Ablation.Experiments.Reports.Plots.PlotStyle;

namespace Ablation.Experiments.Reports.Micro;

/// <summary>Draws ratio to the floor and memory by the number of identities: one panel per implementation, one line per loss.</summary>
public static class MicroPlots
{
    /// <summary>Draws time over the floor; the line at 1 is the time of the products through libtorch.</summary>
    public static Drawing Ratio(IReadOnlyList<MicroRow> rows) => Draw(rows, "ratio to floor", row => row.Ratio.Median, logarithmic: false);

    /// <summary>Draws peak memory in MiB, logarithmic; a line shows one B x C matrix.</summary>
    public static Drawing Memory(IReadOnlyList<MicroRow> rows) =>
        Draw(rows, "peak memory (MiB)", row => row.PeakBytes is > 0 and { } bytes ? bytes / 1048576.0 : double.NaN, logarithmic: true);

    private static Drawing Draw(IReadOnlyList<MicroRow> rows, string metric, Func<MicroRow, double> value, bool logarithmic)
    {
        var losses = rows.Select(row => row.Key.Loss).Distinct().Order(StringComparer.Ordinal).ToList();
        var scale = (double y) => logarithmic ? LogAxis.Log10(y) : y;
        var values = rows.Select(row => scale(value(row))).Where(double.IsFinite).ToList();
        var (low, high) = logarithmic
            ? (values.DefaultIfEmpty().Min(), values.DefaultIfEmpty().Max()) : (0, values.DefaultIfEmpty(1).Max());
        // one axis for all panels
        var (fewest, most) = (rows.Min(row => Math.Log10(row.Key.Classes)), rows.Max(row => Math.Log10(row.Key.Classes)));
        var panels = rows.GroupBy(row => (row.Key.Batch, row.Key.Implementation, row.Key.Precision, row.Key.Threads, row.Key.Dimension))
            .OrderBy(group => group.Key.Batch)
            .ThenBy(group => group.Key.Implementation, StringComparer.Ordinal).Select(Panel).ToList();
        return new Drawing(panels);

        Plot Panel(IGrouping<(int Batch, string Implementation, string Precision, int Threads, int Dimension), MicroRow> group)
        {
            var title = $"{group.Key.Implementation}, B = {group.Key.Batch}, D = " +
                $"{group.Key.Dimension}{(group.Key.Precision == "highest" ? "" : ", " + group.Key.Precision)}";
            var plot = PlotStyle.New(title, "identities C", metric);
            var series = losses.Where(loss => group.Any(row => row.Key.Loss == loss)).Select(loss =>
            {
                var line = group.Where(row => row.Key.Loss == loss).OrderBy(row => row.Key.Classes).ToList();
                return new Series(loss, [.. line.Select(row => (double)row.Key.Classes)], [.. line.Select(value)]);
            }).ToList();
            var classes = group.Select(row => (double)row.Key.Classes).ToList();
            if (logarithmic) Line(plot, [.. classes.Distinct().Order()], c => scale(4 * group.Key.Batch * c / 1048576.0));
            else Line(plot, [classes.Min(), classes.Max()], _ => 1);
            SeriesPainter.Paint(plot, series, losses, LogAxis.Log10, scale, _ => true);
            LogAxis.Decades(plot.Axes.Bottom, fewest, most, plain: true);
            if (logarithmic) LogAxis.Decades(plot.Axes.Left, low, high, plain: true);
            var room = 0.06 * Math.Max(high - low, 0.1);
            plot.Axes.SetLimits(fewest - 0.1, most + 0.1, logarithmic ? low - room : 0, high + room);
            return plot;
        }
    }

    private static void Line(Plot plot, double[] classes, Func<double, double> y)
    {
        var line = plot.Add.ScatterLine(Array.ConvertAll(classes, LogAxis.Log10), Array.ConvertAll(classes, c => y(c)), PlotStyle.Faint);
        line.LineWidth = PlotStyle.LineWidth / 2;
        line.MarkerSize = 0;
    }
}

using Ablation.Benchmarks;
using Ablation.Experiments.Reports.Plots;
using ScottPlot;
using ScottPlot.TickGenerators;
using Drawing = Ablation.Experiments.Reports.Plots.Drawing;
using PlotStyle = Ablation.Experiments.Reports.Plots.PlotStyle;

namespace Ablation.Experiments.Reports.Micro;

/// <summary>Draws training speed by the side of the input: one panel per network and training setup, one line per contestant.</summary>
public static class TrainPlots
{
    private static readonly string[] Contestants = ["bare network", "whole loop", "PyTorch"];

    /// <summary>Draws images per second; both axes are logarithmic, since doubling the side costs four times as much.</summary>
    public static Drawing Speed(IReadOnlyList<TrainRow> rows)
    {
        Func<TrainRow, double>[] values = [row => row.Timing.Bare, row => row.Timing.Whole, row => row.Timing.Peer?.Whole ?? double.NaN];
        var panels = rows.GroupBy(row => row.Case with { Pixels = 0 }).Select(Panel).ToList();
        return new Drawing(panels);

        Plot Panel(IGrouping<TrainCase, TrainRow> group)
        {
            var line = group.OrderBy(row => row.Case.Pixels).ToList();
            var plot = PlotStyle.New(Title(group.Key, rows), "pixels per side", "images/s");
            double[] sides = [.. line.Select(row => (double)row.Case.Pixels)];
            var series = Contestants.Select((name, i) => new Series(name, sides, [.. line.Select(values[i])]))
                .Where(one => one.Y.Any(double.IsFinite)).ToList();
            SeriesPainter.Paint(plot, series, Contestants, LogAxis.Log10, LogAxis.Log10, _ => true);
            var heights = series.SelectMany(one => one.Y).Where(double.IsFinite).Select(LogAxis.Log10).ToList();
            var room = Math.Max(0.05, 0.06 * (heights.Max() - heights.Min()));
            LogAxis.Decades(plot.Axes.Left, heights.Min() - room, heights.Max() + room, plain: true);
            plot.Axes.Bottom.TickGenerator = new NumericManual([.. sides.Select(LogAxis.Log10)],
                [.. sides.Select(side => side.ToString())]);
            plot.Axes.SetLimits(LogAxis.Log10(sides[0]) - 0.06, LogAxis.Log10(sides[^1]) + 0.06, heights.Min() - room,
                heights.Max() + room);
            return plot;
        }
    }

    /// <summary>Returns the network and the settings that differ between panels.</summary>
    private static string Title(TrainCase one, IReadOnlyList<TrainRow> rows)
    {
        var parts = new List<string> { one.Network };
        Add(other => other.Loss);
        Add(other => $"batch {other.Batch}");
        Add(other => $"{other.Threads} threads");
        Add(other => other.PrecisionName);
        Add(other => other.Layout);
        Add(other => other.Device);
        return string.Join(", ", parts);

        void Add(Func<TrainCase, string> part)
        {
            if (rows.Select(row => part(row.Case)).Distinct().Count() > 1) parts.Add(part(one));
        }
    }
}

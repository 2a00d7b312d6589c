using Ablation.Experiments.Reports.Tables;
using ScottPlot;

namespace Ablation.Experiments.Reports.Plots;

/// <summary>The distribution of values, as mean density over the seeds.</summary>
/// <param name="Name">What the values are: "genuine", "impostor".</param>
/// <param name="Edges">Edges of the bins, rising; one more than bins.</param>
/// <param name="Seeds">The values of each seed; those outside the edges count in the total but in no bin.</param>
public sealed record Histogram(string Name, Color Color, double[] Edges, IReadOnlyList<double[]> Seeds)
{
    /// <summary>Returns the edges of bins of equal width.</summary>
    public static double[] EqualBins(double low, double high, int bins) =>
        [.. Enumerable.Range(0, bins + 1).Select(i => low + (high - low) * i / bins)];

    /// <summary>
    /// Returns the share of the values per unit of the axis, one number per bin; empty if no seed has a value. A value on an edge belongs
    /// to the bin above, on the last edge to the last bin.
    /// </summary>
    public double[] Density()
    {
        var seeds = Seeds.Where(seed => seed.Length > 0).ToList();
        var density = new double[seeds.Count == 0 ? 0 : Edges.Length - 1];
        foreach (var seed in seeds)
        {
            foreach (var value in seed)
            {
                if (!(value >= Edges[0] && value <= Edges[^1])) continue;
                var at = Array.BinarySearch(Edges, value);
                var bin = Math.Min(at >= 0 ? at : ~at - 1, density.Length - 1);
                density[bin] += 1.0 / (seed.Length * (double)seeds.Count * (Edges[bin + 1] - Edges[bin]));
            }
        }

        return density;
    }
}

/// <param name="Histograms">Drawn on top of each other in this order.</param>
public sealed record HistogramPanel(string Title, IReadOnlyList<Histogram> Histograms);

/// <summary>Plots distributions of cosines, angles or distances. All panels have the same axes.</summary>
public static class HistogramPlot
{
    private const double FillOpacity = 0.3;

    /// <param name="xLabel">What the values are, with their unit.</param>
    public static Drawing Draw(IReadOnlyList<HistogramPanel> panels, string xLabel)
    {
        var shown = panels.Select(panel =>
            (panel.Title, Parts: panel.Histograms.Select(one => (one.Name, one.Color, one.Edges, Density: one.Density())).ToList()))
            .ToList();
        var all = shown.SelectMany(panel => panel.Parts).ToList();
        var filled = all.SelectMany(one => one.Density.Index().Where(bin => bin.Item > 0)
            .SelectMany(bin => new[] { one.Edges[bin.Index], one.Edges[bin.Index + 1] })).ToList();
        var (left, right) = filled.Count > 0 ? (filled.Min(), filled.Max()) : (0, 1);
        var margin = 0.02 * (right - left);
        var top = all.SelectMany(one => one.Density).DefaultIfEmpty(1).Max();
        return new Drawing([.. shown.Select(panel =>
        {
            var plot = PlotStyle.New(panel.Title, xLabel, "density");
            foreach (var one in panel.Parts.Where(one => one.Density.Length > 0)) Steps(plot, one.Edges, one.Density, one.Color);
            PlotStyle.AddLegend(plot,
                panel.Parts.Select(one =>
                    (one.Density.Length > 0
                        ? one.Name : $"{one.Name} ({ValueFormat.Missing})", one.Color)));
            plot.Axes.SetLimits(left - margin, right + margin, 0, 1.05 * top);
            return plot;
        })]);
    }

    private static void Steps(Plot plot, double[] edges, double[] density, Color color)
    {
        double[] xs = [edges[0], .. density.SelectMany((_, i) => new[] { edges[i], edges[i + 1] }), edges[^1]];
        double[] ys = [0, .. density.SelectMany(value => new[] { value, value }), 0];
        var fill = plot.Add.FillY(xs, new double[xs.Length], ys);
        (fill.FillColor, fill.LineWidth, fill.MarkerShape) = (color.WithOpacity(FillOpacity), 0, MarkerShape.None);
        var line = plot.Add.ScatterLine(xs, ys, color);
        line.LineWidth = PlotStyle.LineWidth;
    }
}

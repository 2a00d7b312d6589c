using ScottPlot.TickGenerators;

namespace Ablation.Experiments.Reports.Plots;

/// <summary>
/// Plots the share of probes whose mate is within the first k of the gallery: one line per loss, the mean over seeds, with the band from
/// lowest to highest seed.
/// </summary>
public static class CmcPlot
{
    private static readonly int[] Labelled = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];

    /// <param name="most">Largest rank.</param>
    /// <param name="seeds">One curve per seed, ranks 1 .. most; with none the series is all gaps.</param>
    public static Series Mean(string loss, int most, IReadOnlyList<double[]> seeds) =>
        Series.OverSeeds(loss, [.. Enumerable.Range(1, most).Select(rank => (double)rank)], seeds);

    /// <param name="series">X = rank from 1; Y = share found, 0 .. 1.</param>
    /// <param name="lossOrder">Gives each loss its style; the same list for every plot of a report.</param>
    public static Drawing Draw(string title, IReadOnlyList<Series> series, IReadOnlyList<string> lossOrder)
    {
        var plot = PlotStyle.New(title, "rank", "found within the rank (%)");
        SeriesPainter.Paint(plot, series, lossOrder, LogAxis.Log10, share => 100 * share, rank => Array.IndexOf(Labelled, (int)rank) >= 0);
        var most = series.SelectMany(one => one.X).DefaultIfEmpty(10).Max();
        int[] shown = [.. Labelled.Where(rank => rank <= most)];
        plot.Axes.Bottom.TickGenerator = new NumericManual([.. shown.Select(rank => Math.Log10(rank))],
            [.. shown.Select(rank => rank.ToString())]);
        plot.Axes.AutoScale();
        var bottom = plot.Axes.GetLimits().Bottom;
        bottom = double.IsFinite(bottom) && bottom < 100 ? Math.Max(bottom, -1) : 0;
        plot.Axes.SetLimits(-0.03, Math.Log10(most) + 0.03, bottom, 100 + 0.02 * (100 - bottom));
        return new Drawing(plot);
    }
}

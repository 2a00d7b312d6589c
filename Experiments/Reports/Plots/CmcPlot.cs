namespace Ablation.Experiments.Reports.Plots;

/// <summary>
/// Plots the share of probes whose mate is within the first k of the gallery: one line per loss, the mean over seeds, with the band from
/// lowest to highest seed.
/// </summary>
public static class CmcPlot
{
    /// <param name="most">Largest rank.</param>
    /// <param name="seeds">One curve per seed, ranks 1 .. most; with none the series is all gaps.</param>
    public static Series Mean(string loss, int most, IReadOnlyList<double[]> seeds) =>
        Series.OverSeeds(loss, [.. Enumerable.Range(1, most).Select(rank => (double)rank)], seeds);

    /// <param name="series">X = rank from 1; Y = share found, 0 .. 1.</param>
    /// <param name="lossOrder">Gives each loss its style; the same list for every plot of a report.</param>
    /// <param name="emphasis">The loud losses; null for none.</param>
    public static Drawing Draw(string title, IReadOnlyList<Series> series, IReadOnlyList<string> lossOrder, Emphasis? emphasis = null)
    {
        var most = series.SelectMany(one => one.X).DefaultIfEmpty(10).Max();
        return CurvePlot.Draw(title, "rank", "found within the rank (%)", series, lossOrder, CurveView.Rank(most),
            rank => CurveView.IsLabelledRank(rank), emphasis);
    }
}

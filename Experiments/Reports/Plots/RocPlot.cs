using Ablation.Harness.Metrics;

namespace Ablation.Experiments.Reports.Plots;

/// <summary>
/// Plots TAR over FAR on a logarithmic axis: one line per loss, the mean over seeds, with the band from lowest to highest seed.
/// </summary>
public static class RocPlot
{
    private const int PointsPerDecade = 50;

    /// <summary>Returns the mean curve of one loss: TAR (conservative) at FARs from the smallest that its pairs can measure up to
    /// 1.</summary>
    /// <param name="seeds">One curve per seed, of the same test; with none the series is all gaps.</param>
    public static Series Mean(string loss, IReadOnlyList<RocCurve> seeds)
    {
        var impostors = seeds.Select(seed => seed.Impostors).DefaultIfEmpty(1).Min();
        var steps = (int)Math.Floor(Math.Log10(impostors) * PointsPerDecade);
        // the quotient makes whole decades exactly the numbers of tables, such as 1e-3
        double[] rates = [.. Enumerable.Range(-steps, steps + 1).Select(step => 1 / Math.Pow(10, -(double)step / PointsPerDecade))];
        return Series.OverSeeds(loss, rates, [.. seeds.Select(seed => rates.Select(rate => seed.At(rate) ?? double.NaN).ToArray())]);
    }

    /// <param name="series">X = FAR, 0 .. 1; Y = TAR, 0 .. 1; see <see cref="Mean"/>.</param>
    /// <param name="lossOrder">Gives each loss its style; the same list for every plot of a report.</param>
    /// <param name="view">The rates shown; null for all of them.</param>
    /// <param name="emphasis">The loud losses; null for none.</param>
    public static Drawing Draw(string title, IReadOnlyList<Series> series, IReadOnlyList<string> lossOrder, CurveView? view = null,
        Emphasis? emphasis = null)
    {
        var lowest = series.SelectMany(one => one.X).Where(far => far > 0).DefaultIfEmpty(1e-4).Min();
        return CurvePlot.Draw(title, "FAR", "TAR (%)", series, lossOrder, view ?? CurveView.AllRates(lowest), IsDecade, emphasis);
    }

    private static bool IsDecade(double far) => far < 0.5 && Math.Abs(Math.Log10(far) - Math.Round(Math.Log10(far))) < 1e-9;
}

using Ablation.Harness.Metrics;
using MathNet.Numerics.Distributions;
using ScottPlot.TickGenerators;

namespace Ablation.Experiments.Reports.Plots;

/// <summary>
/// Plots FRR over FAR with both axes in normal deviates, so that normally distributed scores give straight lines: one line per loss, the
/// mean over seeds, with the band from lowest to highest seed.
/// </summary>
/// <remarks>Martin et al., "The DET curve in assessment of detection task performance", Eurospeech 1997.</remarks>
public static class DetPlot
{
    private const double MostFar = 0.5;
    private static readonly double[] TickShares = [1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 2e-3, 5e-3, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6,
        0.8, 0.9, 0.95, 0.98, 0.99, 0.999];

    /// <summary>Returns X = FAR from the smallest that the pairs can measure to 0.5; Y = FRR, a gap if it is below one genuine
    /// pair.</summary>
    /// <param name="seeds">One curve per seed, of the same test; with none the series is all gaps.</param>
    public static Series Mean(string loss, IReadOnlyList<RocCurve> seeds)
    {
        var roc = RocPlot.Mean(loss, seeds);
        var least = 1.0 / seeds.Select(seed => seed.Genuine).DefaultIfEmpty(1).Min();
        var count = roc.X.Count(far => far <= MostFar);
        double[] Rejected(double[] accepted) => [.. accepted.Take(count).Select(tar => 1 - tar >= least ? 1 - tar : double.NaN)];
        return new Series(loss, roc.X[..count], Rejected(roc.Y), Rejected(roc.High!), Rejected(roc.Low!));
    }

    /// <param name="series">X = FAR, Y = FRR, both 0 .. 1; see <see cref="Mean"/>.</param>
    /// <param name="lossOrder">Gives each loss its style; the same list for every plot of a report.</param>
    public static Drawing Draw(string title, IReadOnlyList<Series> series, IReadOnlyList<string> lossOrder)
    {
        var plot = PlotStyle.New(title, "FAR (%)", "FRR (%)");
        var (left, right) = Limits(series.SelectMany(one => one.X), 1e-4, MostFar);
        var (bottom, top) = Limits(series.SelectMany(one => one.Y.Concat(one.Low ?? []).Concat(one.High ?? [])), 1e-3, MostFar);
        plot.Add.ScatterLine(new[] { Math.Max(left, bottom), Math.Min(right, top) }, new[] { Math.Max(left, bottom), Math.Min(right, top) },
            PlotStyle.Faint).LineWidth = 1;
        SeriesPainter.Paint(plot, series, lossOrder, Deviate, Deviate, marks: null);
        plot.Axes.Bottom.TickGenerator = Ticks(left, right);
        plot.Axes.Left.TickGenerator = Ticks(bottom, top);
        plot.Axes.SetLimits(left, right, bottom, top);
        return new Drawing(plot);
    }

    /// <summary>Returns the standard normal quantile of a share; a gap if it is infinite.</summary>
    public static double Deviate(double share) => share is > 0 and < 1 ? Normal.InvCDF(0, 1, share) : double.NaN;

    private static (double Low, double High) Limits(IEnumerable<double> shares, double low, double high)
    {
        var known = shares.Select(Deviate).Where(double.IsFinite).ToList();
        var (least, most) = known.Count == 0 ? (Deviate(low), Deviate(high)) : (known.Min(), known.Max());
        var margin = Math.Max(0.05, 0.03 * (most - least));
        return (least - margin, most + margin);
    }

    private static NumericManual Ticks(double low, double high)
    {
        var ticks = new NumericManual();
        foreach (var share in TickShares.Where(share => Deviate(share) >= low && Deviate(share) <= high))
            ticks.AddMajor(Deviate(share), ((decimal)share * 100).ToString("0.########"));
        return ticks;
    }
}

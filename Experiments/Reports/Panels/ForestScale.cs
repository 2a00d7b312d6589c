using Ablation.Experiments.Reports.Plots;
using Ablation.Harness.Statistics;

namespace Ablation.Experiments.Reports.Panels;

/// <summary>The common axis of all forests of a table, so that one length means one difference in every column.</summary>
internal sealed class ForestScale
{
    private const double MostOfThick = 1.5; // a thin bar beyond so many spans of the thick ones is cut, with an arrow
    private readonly PanelAxis axis;
    private readonly double scale;

    /// <param name="comparisons">Of all columns that share the axis.</param>
    /// <param name="scale">Units of print per raw unit.</param>
    public ForestScale(IEnumerable<LossComparison> comparisons, double scale)
    {
        this.scale = scale;
        var all = comparisons.Where(one => one.Difference is not null).ToList();
        var thick = all.SelectMany(one => Ends(one.Alone, one.Difference!.Value)).Append(0).Select(end => end * scale).ToList();
        var (low, high) = (thick.Min(), thick.Max());
        var span = Math.Max(high - low, 1e-9);
        var thin = all.SelectMany(one => Ends(one.Simultaneous, one.Difference!.Value)).Select(end => end * scale).Append(0).ToList();
        low = Math.Max(Math.Min(low, thin.Min()), low - MostOfThick * span);
        high = Math.Min(Math.Max(high, thin.Max()), high + MostOfThick * span);
        var margin = 0.03 * Math.Max(high - low, 1e-9);
        axis = high > low ? new PanelAxis(low - margin, high + margin, 0, 100) : new PanelAxis(-1, 1, 0, 100);
    }

    public ForestAxis Axis => new([.. axis.Ticks(4, signed: true).Where(tick => tick.At is > 4 and < 96)], axis.At(0));

    public double At(double raw) => axis.At(scale * raw);

    public ForestInterval? Cut(Bounds? bounds) => bounds is not { } interval ? null : new ForestInterval(
        Math.Clamp(At(interval.Low), 0, 100), Math.Clamp(At(interval.High), 0, 100), At(interval.Low) < -1e-6, At(interval.High) > 100 +
            1e-6);

    private static IEnumerable<double> Ends(Bounds? interval, double otherwise) =>
        interval is { } known ? [known.Low, known.High] : [otherwise];
}

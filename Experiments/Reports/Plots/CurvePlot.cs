using ScottPlot.TickGenerators;

namespace Ablation.Experiments.Reports.Plots;

/// <summary>Draws shares over a logarithmic axis, zoomed to the part of it that a view shows: ROC and CMC.</summary>
internal static class CurvePlot
{
    /// <param name="series">X raw; Y a share.</param>
    /// <param name="marks">Which points carry a marker.</param>
    public static Drawing Draw(string title, string xLabel, string yLabel, IReadOnlyList<Series> series, IReadOnlyList<string> lossOrder,
        CurveView view, Predicate<double> marks, Emphasis? emphasis)
    {
        var plot = PlotStyle.New(title, xLabel, yLabel);
        var shown = series.Select(one => one.Where(view.Holds)).ToList();
        // a mark on the edge would be cut in half
        bool IsInside(double x) => x > view.From * 1.001 && x < view.To * 0.999;
        SeriesPainter.Paint(plot, shown, lossOrder, view.Map, share => 100 * share, x => marks(x) && IsInside(x), emphasis, decimals: 1);
        var ticks = view.Ticks.Where(tick => view.Holds(tick.Value)).ToList();
        plot.Axes.Bottom.TickGenerator = new NumericManual([.. ticks.Select(tick => view.Map(tick.Value))], [.. ticks.Select(tick =>
            tick.Text)]);
        var scale = view.Shares(shown);
        plot.Axes.SetLimits(view.Map(view.From), view.Map(view.To), scale.Low, scale.High);
        return new Drawing(plot);
    }
}

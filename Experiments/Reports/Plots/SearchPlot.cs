using Ablation.Experiments.Reports.Tables;
using ScottPlot;

namespace Ablation.Experiments.Reports.Plots;

/// <summary>A panel of a search: one loss.</summary>
/// <param name="Chosen">The draw that was chosen.</param>
/// <param name="Rounds">Raw figure by draw, one list per round; null is not drawn.</param>
public sealed record SearchPanel(string Loss, int Chosen, IReadOnlyList<IReadOnlyList<(int Draw, double? Value)>> Rounds);

/// <summary>
/// Plots the validation figure against the draw number, one panel per loss, all with the same axes. A ring marks the last figure of the
/// chosen draw.
/// </summary>
public static class SearchPlot
{
    private const double Palest = 0.3;

    /// <param name="lossOrder">Gives each loss its style; the same list for every plot of a report.</param>
    /// <param name="metric">What the figures are; the unit comes from <paramref name="format"/>.</param>
    public static Drawing Draw(IReadOnlyList<SearchPanel> panels, IReadOnlyList<string> lossOrder, string metric, ValueFormat format)
    {
        var values = panels.SelectMany(panel => panel.Rounds).SelectMany(round => round).Select(one => one.Value).OfType<double>()
            .Select(value => value * format.Scale).DefaultIfEmpty(0).ToList();
        var margin = Math.Max(0.5, 0.08 * (values.Max() - values.Min()));
        var last = panels.SelectMany(panel => panel.Rounds).SelectMany(round => round).Select(one => one.Draw).DefaultIfEmpty(0).Max();
        var (low, high) = (format.Clip(values.Min() - margin), format.Clip(values.Max() + margin));
        return new Drawing(
            [.. panels.Select(panel =>
                Panel(panel, PlotStyle.ForLoss(panel.Loss, lossOrder), format.Label(metric), format.Scale,
                    (-0.7, last + 0.7, low, high)))]);
    }

    private static Plot Panel(SearchPanel panel, SeriesStyle style, string metric, double scale,
        (double Left, double Right, double Low, double High) limits)
    {
        var plot = PlotStyle.New(panel.Loss, "draw", metric);
        for (var round = 0; round < panel.Rounds.Count; round++)
        {
            var opacity = panel.Rounds.Count == 1 ? 1 : Palest + (1 - Palest) * round / (panel.Rounds.Count - 1);
            foreach (var (draw, value) in panel.Rounds[round])
            {
                if (value is { } figure)
                    plot.Add.Marker(draw, scale * figure, MarkerShape.FilledCircle, PlotStyle.MarkerSize, style.Color.WithOpacity(opacity));
            }
        }

        if (panel.Rounds.SelectMany(round => round)
            .LastOrDefault(one => one.Draw == panel.Chosen && one.Value is not null).Value is { } chosen)
            plot.Add.Marker(panel.Chosen, scale * chosen, MarkerShape.OpenCircle, 2 * PlotStyle.MarkerSize,
                PlotStyle.Ink).MarkerLineWidth = PlotStyle.LineWidth;
        plot.Axes.Bottom.TickGenerator = new ScottPlot.TickGenerators.NumericAutomatic { TickDensity = 0.6, IntegerTicksOnly = true };
        plot.Axes.SetLimits(limits.Left, limits.Right, limits.Low, limits.High);
        return plot;
    }
}

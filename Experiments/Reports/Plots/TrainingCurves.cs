namespace Ablation.Experiments.Reports.Plots;

/// <summary>A panel of training curves of losses whose values share a scale.</summary>
/// <param name="Series">X = step or epoch; Y = the loss's value.</param>
public sealed record TrainingPanel(string Title, IReadOnlyList<Series> Series);

/// <summary>
/// Plots the training loss by step. Values of different losses have different scales and cannot be compared, so each family has its own
/// panel; the value axis is logarithmic.
/// </summary>
public static class TrainingCurves
{
    /// <param name="xLabel">"step" or "epoch".</param>
    /// <param name="lossOrder">Gives each loss its style; the same list for every plot of a report.</param>
    public static Drawing Draw(IReadOnlyList<TrainingPanel> panels, IReadOnlyList<string> lossOrder, string xLabel = "step") =>
        new([.. panels.Select(panel => Panel(panel, lossOrder, xLabel))]);

    private static ScottPlot.Plot Panel(TrainingPanel panel, IReadOnlyList<string> lossOrder, string xLabel)
    {
        var plot = PlotStyle.New(panel.Title, xLabel, "training loss");
        var ends = panel.Series.Where(one => one.X.Length > 0).Select(one => one.X[^1]).ToHashSet();
        SeriesPainter.Paint(plot, panel.Series, lossOrder, x => x, LogAxis.Log10, ends.Contains);
        var values = panel.Series.SelectMany(one => one.Y.Concat(one.Low ?? []).Concat(one.High ?? []))
            .Select(LogAxis.Log10).Where(double.IsFinite).DefaultIfEmpty(0).ToList();
        var (lowest, highest) = (values.Min(), values.Max());
        LogAxis.Decades(plot.Axes.Left, lowest, highest, plain: true);
        plot.Axes.AutoScale();
        var margin = Math.Max(0.03, 0.05 * (highest - lowest));
        plot.Axes.SetLimitsY(lowest - margin, highest + margin);
        return plot;
    }
}

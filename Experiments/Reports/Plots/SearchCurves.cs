using ScottPlot;

namespace Ablation.Experiments.Reports.Plots;

/// <summary>One training of a search. A loss that is NaN or not above 0 is not drawn.</summary>
public sealed record TrialCurve(double[] Epochs, double[] Loss, bool IsChosen);

/// <summary>Every training of one loss.</summary>
public sealed record TrialCurvesPanel(string Loss, IReadOnlyList<TrialCurve> Curves);

/// <summary>Plots the training loss by epoch of every training, one panel per loss; the value axis is logarithmic.</summary>
public static class SearchCurves
{
    private const double Pale = 0.45;

    /// <param name="lossOrder">Gives each loss its style; the same list for every plot of a report.</param>
    public static Drawing Draw(IReadOnlyList<TrialCurvesPanel> panels, IReadOnlyList<string> lossOrder) =>
        new([.. panels.Select(panel => Panel(panel, PlotStyle.ForLoss(panel.Loss, lossOrder)))]);

    private static Plot Panel(TrialCurvesPanel panel, SeriesStyle style)
    {
        var plot = PlotStyle.New(panel.Loss, "epoch", "training loss");
        foreach (var curve in panel.Curves.OrderBy(curve => curve.IsChosen)) // the chosen ones on top
        {
            var points = curve.Epochs.Zip(curve.Loss, (epoch, loss) => new Coordinates(epoch, LogAxis.Log10(loss)))
                .Where(point => double.IsFinite(point.Y)).ToList();
            if (points.Count == 0) continue;
            plot.Add.ScatterLine(points, style.Color.WithOpacity(curve.IsChosen ? 1 : Pale)).LineWidth = curve.IsChosen
                ? 1.5f * PlotStyle.LineWidth : PlotStyle.LineWidth / 2;
        }

        var values = panel.Curves.SelectMany(curve => curve.Loss).Select(LogAxis.Log10).Where(double.IsFinite).DefaultIfEmpty(0).ToList();
        LogAxis.Decades(plot.Axes.Left, values.Min(), values.Max(), plain: true);
        plot.Axes.AutoScale();
        var margin = Math.Max(0.03, 0.05 * (values.Max() - values.Min()));
        plot.Axes.SetLimitsY(values.Min() - margin, values.Max() + margin);
        return plot;
    }
}

using Ablation.Experiments.Reports.Tables;
using Ablation.Harness.Statistics;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace Ablation.Experiments.Reports.Plots;

/// <summary>A loss against the baseline.</summary>
/// <param name="Comparison">Null if there is none.</param>
public sealed record Difference(string Loss, LossComparison? Comparison);

/// <summary>
/// Plots differences from the baseline, one row per loss from the top in the order given, with the numbers at the right. The thick bar is
/// the 95 % interval of a difference alone, the thin one that of all comparisons together: where it leaves 0 out, the marker is filled.
/// </summary>
public static class ForestPlot
{
    private const float ThickBar = 3.6f, ThinBar = 1.1f;

    /// <param name="metric">"accuracy, 10-fold, grid".</param>
    /// <param name="baseline">The loss at zero.</param>
    /// <param name="lossOrder">Gives each loss its style; the same list for every plot of a report.</param>
    public static Drawing Draw(
        string title, string metric, string baseline, IReadOnlyList<Difference> rows, IReadOnlyList<string> lossOrder, ValueFormat format,
            bool higherIsBetter)
    {
        var unit = format.IsPercent ? "points" : format.Unit;
        // short, so that it fits a column of a paper; what is compared is in the title
        var plot = PlotStyle.New(title.Length > 0 ? title : metric,
            $"{unit} from {baseline} ({(higherIsBetter ? "right" : "left")} is better)", "");
        plot.Add.VerticalLine(0, 1, PlotStyle.Faint);
        for (var i = 0; i < rows.Count; i++) Row(plot, rows[i].Comparison, -i, PlotStyle.ForLoss(rows[i].Loss, lossOrder), format.Scale);
        double[] places = [.. rows.Select((_, i) => (double)-i)];
        plot.Axes.Left.TickGenerator = new NumericManual(places, [.. rows.Select(row => row.Loss)]);
        plot.Axes.Right.TickGenerator = new NumericManual(places, [.. rows.Select(row => Text(row, format))]);
        plot.Axes.Right.TickLabelStyle.FontSize = PlotStyle.TextSize - 1;
        foreach (var axis in new IAxis[] { plot.Axes.Left, plot.Axes.Right }) axis.MajorTickStyle.Length = 0;
        plot.Axes.Right.TickLabelStyle.OffsetY = plot.Axes.Left.TickLabelStyle.OffsetY;
        plot.Axes.AutoScale();
        var limits = plot.Axes.GetLimits();
        if (rows.All(row => row.Comparison?.Difference is null)) plot.Axes.SetLimitsX(-format.Scale / 100, format.Scale / 100);
        else if (!(limits.Right - limits.Left > 1e-9 * format.Scale))
            plot.Axes.SetLimitsX(limits.Left - format.Scale / 1000, limits.Right + format.Scale / 1000);
        plot.Axes.SetLimitsY(0.4 - rows.Count, 0.5);
        // the right axis gets the rows' positions only if something is drawn on it
        plot.Axes.SetLimitsY(0.4 - rows.Count, 0.5, plot.Axes.Right);
        return new Drawing(110 + 34 * Math.Max(rows.Count, 2), plot);
    }

    /// <summary>"+0.52 ± 0.31", "+0.52, one seed", "n/a": short, since bar and mark say the rest.</summary>
    private static string Text(Difference row, ValueFormat format) => row.Comparison switch
    {
        { Difference: { } difference, HalfWidth: { } half } => $"{format.Signed(difference)} ± {format.Text(half)}",
        { Difference: not null } known => ComparisonWords.Line(known, format),
        _ => ValueFormat.Missing,
    };

    private static void Row(Plot plot, LossComparison? comparison, double y, SeriesStyle style, double scale)
    {
        if (comparison?.Difference is not { } difference) return;
        Bar(plot, comparison.Simultaneous, y, style, ThinBar, scale);
        Bar(plot, comparison.Alone, y, style, ThickBar, scale);
        plot.PlottableList.Add(new LossMark(new Coordinates(scale * difference, y), style, PlotStyle.MarkerSize + 3, comparison.IsDecided));
    }

    private static void Bar(Plot plot, Bounds? bounds, double y, SeriesStyle style, float width, double scale)
    {
        if (bounds is not { } interval) return;
        var bar = plot.Add.ScatterLine(new[] { scale * interval.Low, scale * interval.High }, new[] { y, y }, style.Color);
        (bar.LineWidth, bar.MarkerSize) = (width, 0);
    }
}

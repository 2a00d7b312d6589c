using Ablation.Experiments.Reports.Tables;
using Ablation.Harness.Statistics;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace Ablation.Experiments.Reports.Plots;

/// <summary>A loss less the baseline.</summary>
public sealed record Difference(string Loss, LossComparison Comparison);

/// <summary>
/// Plots differences from the baseline with their 95 % intervals, one row per loss from the top in the order given, with the numbers at the
/// right.
/// </summary>
public static class ForestPlot
{
    /// <param name="metric">"accuracy, 10-fold, grid".</param>
    /// <param name="baseline">The loss at zero.</param>
    /// <param name="lossOrder">Gives each loss its style; the same list for every plot of a report.</param>
    public static Drawing Draw(
        string title, string metric, string baseline, IReadOnlyList<Difference> rows, IReadOnlyList<string> lossOrder, ValueFormat format,
            bool higherIsBetter)
    {
        var unit = format.IsPercent ? "points" : format.Unit;
        var plot = PlotStyle.New(title, $"{metric}: difference from {baseline} ({unit}; {(higherIsBetter ? "right" : "left")} is better)",
            "");
        plot.Add.VerticalLine(0, 1, PlotStyle.Faint);
        for (var i = 0; i < rows.Count; i++) Row(plot, rows[i], -i, PlotStyle.ForLoss(rows[i].Loss, lossOrder), format.Scale);
        double[] places = [.. rows.Select((_, i) => (double)-i)];
        plot.Axes.Left.TickGenerator = new NumericManual(places, [.. rows.Select(row => row.Loss)]);
        plot.Axes.Right.TickGenerator = new NumericManual(places, [.. rows.Select(row => Text(row, format))]);
        plot.Axes.Right.TickLabelStyle.FontSize = PlotStyle.TextSize - 1;
        foreach (var axis in new IAxis[] { plot.Axes.Left, plot.Axes.Right }) axis.MajorTickStyle.Length = 0;
        plot.Axes.Right.TickLabelStyle.OffsetY = plot.Axes.Left.TickLabelStyle.OffsetY;
        plot.Axes.AutoScale();
        var limits = plot.Axes.GetLimits();
        if (rows.All(row => row.Comparison.Difference is null)) plot.Axes.SetLimitsX(-format.Scale / 100, format.Scale / 100);
        else if (!(limits.Right - limits.Left > 1e-9 * format.Scale))
            plot.Axes.SetLimitsX(limits.Left - format.Scale / 1000, limits.Right + format.Scale / 1000);
        plot.Axes.SetLimitsY(0.4 - rows.Count, 0.5);
        // the right axis gets the rows' positions only if something is drawn on it
        plot.Axes.SetLimitsY(0.4 - rows.Count, 0.5, plot.Axes.Right);
        return new Drawing(110 + 34 * Math.Max(rows.Count, 2), plot);
    }

    /// <summary>"+0.52 ± 0.31", "+0.52 (one seed)", "n/a".</summary>
    private static string Text(Difference row, ValueFormat format) => row.Comparison switch
    {
        { Difference: null } => ValueFormat.Missing,
        { HalfWidth: { } half } => $"{format.Signed(row.Comparison.Difference)} ± {format.Text(half)}",
        _ => $"{format.Signed(row.Comparison.Difference)} ({ComparisonWords.Seeds(row.Comparison.N)})",
    };

    private static void Row(Plot plot, Difference row, double y, SeriesStyle style, double scale)
    {
        if (row.Comparison.Difference is not { } mean) return;
        if (row.Comparison.HalfWidth is { } half)
        {
            var interval = plot.Add.ScatterLine(new[] { scale * (mean - half), scale * (mean + half) }, new[] { y, y }, style.Color);
            interval.LineWidth = PlotStyle.LineWidth;
            interval.MarkerShape = MarkerShape.VerticalBar;
            interval.MarkerSize = 9;
            interval.MarkerLineWidth = PlotStyle.LineWidth;
        }

        // an open mark needs a white one below it, or the interval's line would show through
        plot.Add.Marker(scale * mean, y, MarkerShape.FilledSquare, PlotStyle.MarkerSize + 3, Colors.White);
        var shape = row.Comparison.IsDecided ? MarkerShape.FilledSquare : MarkerShape.OpenSquare;
        plot.Add.Marker(scale * mean, y, shape, PlotStyle.MarkerSize + 3, style.Color).MarkerLineWidth = PlotStyle.LineWidth;
    }
}

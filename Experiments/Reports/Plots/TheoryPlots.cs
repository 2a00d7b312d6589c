using Ablation.Experiments.Identity;
using Ablation.Experiments.Reports.Tables;
using Ablation.Harness.Theory;
using Ablation.Harness.Training.Checkpoints;
using ScottPlot;

namespace Ablation.Experiments.Reports.Plots;

/// <summary>Draws the theory's figures: angles and gaps over the training, and the distances of the proxies at its end.</summary>
public static class TheoryPlots
{
    private const int AnglePanelHeight = 300;
    private static readonly SeriesStyle Other = new(new LossStyle(new Hue("faint", PlotStyle.Faint.ToHex(), PlotStyle.Faint.ToHex()),
        Dash.Short, Marker.None), PlotStyle.LineWidth);

    /// <summary>Draws the angles, one panel per loss on one scale of degrees.</summary>
    /// <param name="rows">Rows that have angles.</param>
    /// <param name="lossOrder">Gives each loss its style; the same list for every plot of a report.</param>
    public static Drawing Angles(IReadOnlyList<TheoryRow> rows, IReadOnlyList<string> lossOrder)
    {
        var lines = rows.Select(row => (Row: row, Own: OwnMedian(row), Nearest: NearestMedian(row))).ToList();
        var highest = lines.SelectMany(line => line.Own.High!.Concat(line.Nearest.High!)).Where(double.IsFinite).DefaultIfEmpty(90).Max();
        return new Drawing(AnglePanelHeight, [.. lines.Select(line => Panel(line.Row.Loss, line.Own, line.Nearest))]);

        Plot Panel(string loss, Series own, Series nearest)
        {
            var plot = PlotStyle.New(loss, "epoch", "angle (degrees)");
            SeriesPainter.PaintOne(plot, nearest, Other, x => x, y => y, x => x == nearest.X[^1]);
            SeriesPainter.PaintOne(plot, own, PlotStyle.ForLoss(loss, lossOrder), x => x, y => y, x => x == own.X[^1]);
            PlotStyle.AddLegend(plot, [("own", PlotStyle.ForLoss(loss, lossOrder).Color), ("nearest other", Other.Color)]);
            plot.Axes.AutoScale();
            plot.Axes.SetLimitsY(0, 1.05 * highest);
            return plot;
        }
    }

    /// <summary>Draws the gap as a share of its bound, so that losses of different scales are comparable.</summary>
    public static Drawing Gaps(string title, IReadOnlyList<TheoryRow> rows, IReadOnlyList<string> lossOrder)
    {
        var series = rows.Select(GapShare).ToList();
        var ends = series.Where(one => one.X.Length > 0).Select(one => one.X[^1]).ToHashSet();
        var plot = PlotStyle.New(title, "epoch", "log-sum-exp gap (% of ln C / s)");
        SeriesPainter.Paint(plot, series, lossOrder, x => x, share => 100 * share, ends.Contains);
        plot.Axes.AutoScale();
        plot.Axes.SetLimitsY(0, Math.Min(100, 105 * series.SelectMany(one => one.High!).Where(double.IsFinite).DefaultIfEmpty(1).Max()));
        return new Drawing(plot);
    }

    /// <summary>Draws how the proxies move, one panel per quantity that was measured for any loss.</summary>
    /// <param name="rows">Rows with motion.</param>
    public static Drawing Motion(IReadOnlyList<TheoryRow> rows, IReadOnlyList<string> lossOrder)
    {
        return new Drawing(AnglePanelHeight, [.. new (string Title, string Axis, double Factor, Func<HistoryPoint, double?> Value)[]
        {
            ("turn of a proxy", "degrees an epoch", 1, point => point.Motion!.DegreesPerEpoch),
            ("proxies that share a step's gradient", "% of all", 100, point => point.Motion!.Effective),
            ("samples with an active hinge", "%", 100, point => point.Angles?.Hinges?.Samples),
            ("share of the last BN's bias in an embedding", "%", 100, point => point.Motion!.BiasShare),
        }.Select(panel => (panel.Title, panel.Axis, panel.Factor, Lines: rows.Select(row =>
            OverTime(row, point => point.Motion is not null, point => panel.Value(point) ?? double.NaN))
            .Where(line => line.Y.Any(double.IsFinite)).ToList())).Where(panel => panel.Lines.Count > 0)
            .Select(panel => Panel(panel.Title, panel.Axis, panel.Factor, panel.Lines))]);

        Plot Panel(string title, string axis, double factor, IReadOnlyList<Series> lines)
        {
            var plot = PlotStyle.New(title, "epoch", axis);
            var ends = lines.Select(line => line.X[^1]).ToHashSet();
            SeriesPainter.Paint(plot, lines, lossOrder, x => x, y => factor * y, ends.Contains);
            plot.Axes.AutoScale();
            plot.Axes.SetLimitsY(0, plot.Axes.GetLimits().Top);
            return plot;
        }
    }

    /// <summary>Returns the turn of a proxy over the epochs, in degrees an epoch.</summary>
    public static Series Turn(TheoryRow row) =>
        OverTime(row, point => point.Motion is not null, point => point.Motion!.DegreesPerEpoch);

    /// <summary>Draws what the losses follow, one panel per number; null where no loss follows anything.</summary>
    public static Drawing? Followed(IReadOnlyList<TheoryRow> rows, IReadOnlyList<string> lossOrder)
    {
        var panels = rows.SelectMany(row => row.Followed.Select(name => (row.Loss, Name: name, Line: FollowedOver(row, name)))).ToList();
        return panels.Count == 0 ? null : new Drawing(AnglePanelHeight, [.. panels.Select(panel =>
        {
            var plot = PlotStyle.New(panel.Loss, "epoch", panel.Name);
            SeriesPainter.PaintOne(plot, panel.Line, PlotStyle.ForLoss(panel.Loss, lossOrder), x => x, y => y, x => x == panel.Line.X[^1]);
            plot.Axes.AutoScale();
            return plot;
        })]);
    }

    /// <summary>Draws the share of all pairs of proxies by squared distance.</summary>
    /// <param name="rows">At least one row with figures.</param>
    public static Drawing Distances(string title, IReadOnlyList<TheoryRow> rows, IReadOnlyList<string> lossOrder)
    {
        var plot = PlotStyle.New(title, "squared distance d(w_i, w_j)", "pairs of proxies (%)");
        SeriesPainter.Paint(plot, DistanceShares(rows), lossOrder, x => x, share => 100 * share, marks: null);
        plot.Axes.AutoScale();
        plot.Axes.SetLimitsY(0, plot.Axes.GetLimits().Top);
        return new Drawing(plot);
    }

    /// <summary>Returns one point per bin at its centre, from one bin before the first non-empty one to one after the last.</summary>
    public static IReadOnlyList<Series> DistanceShares(IReadOnlyList<TheoryRow> rows)
    {
        var count = rows.SelectMany(row => row.Figures).First().Proxies.Bins.Count;
        var filled = rows.SelectMany(row => row.Figures).SelectMany(theory => theory.Proxies.Bins.Index()).Where(bin => bin.Item > 0)
            .Select(bin => bin.Index).ToList();
        var (first, last) = (Math.Max(0, filled.Min() - 1), Math.Min(count - 1, filled.Max() + 1));
        double[] centres = [.. Enumerable.Range(first, last - first + 1).Select(bin => (bin + 0.5) * 4 / count)];
        return [.. rows.Select(row =>
            Series.OverSeeds(row.Loss, centres, [.. row.Figures.Select(theory => Shares(theory.Proxies.Bins)[first..(last + 1)])]))];
    }

    /// <summary>Returns the median angle to the own proxy in degrees, by epoch.</summary>
    public static Series OwnMedian(TheoryRow row) => OverTime(row, angles => angles.Own.P50);

    /// <inheritdoc cref="OwnMedian"/>
    public static Series NearestMedian(TheoryRow row) => OverTime(row, angles => angles.Nearest.P50);

    /// <summary>Returns the gap as a share of its bound, 0 .. 1, by epoch.</summary>
    public static Series GapShare(TheoryRow row) => OverTime(row, angles => angles.Gap is { } gap ? gap.Mean / gap.Bound : double.NaN);

    /// <summary>Returns a number that the loss follows, by epoch.</summary>
    public static Series FollowedOver(TheoryRow row, string name) => OverTime(row, point => point.Followed is not null,
        point => point.Followed!.TryGetValue(name, out var value) ? value : double.NaN);

    private static double[] Shares(IReadOnlyList<int> bins)
    {
        var pairs = (double)bins.Sum();
        return [.. bins.Select(count => count / pairs)];
    }

    /// <summary>Averages over the log points with angles; ends where the first seed ends.</summary>
    private static Series OverTime(TheoryRow row, Func<ProxyAngles, double> value) =>
        OverTime(row, point => point.Angles is not null, point => value(point.Angles!));

    private static Series OverTime(TheoryRow row, Func<HistoryPoint, bool> isMeasured, Func<HistoryPoint, double> value)
    {
        var seeds = row.Trials.Select(trial => trial.History.Measured.Where(isMeasured).ToList())
            .Where(points => points.Count > 0).ToList();
        var longest = seeds.MaxBy(points => points.Count)!;
        return Series.OverSeeds(row.Loss, [.. longest.Select(point => point.Epoch)],
            [.. seeds.Select(points => longest.Select((_, i) => i < points.Count ? value(points[i]) : double.NaN).ToArray())]);
    }
}

using Ablation.Experiments.Identity;
using ScottPlot;

namespace Ablation.Experiments.Reports.Plots;

/// <summary>Draws series without their gaps.</summary>
internal static class SeriesPainter
{
    private const int MarksOfALine = 4;
    private const int FewPoints = 24; // few enough to mark each

    /// <summary>Draws bands first, lines above them, loud ones last, and the names at the ends of the lines.</summary>
    /// <param name="x">Maps a number of a series to the axis, such as a logarithm; NaN is a gap.</param>
    /// <param name="y">The same for values, such as a share to percent.</param>
    /// <param name="marks">
    /// Which points carry the loss's marker; a single point between gaps always does. Null spreads four markers over each line, at
    /// different places per line. So do lines of many points if there are more losses than colours, since a colour then identifies no loss.
    /// </param>
    /// <param name="emphasis">Null draws all lines alike, each with its band.</param>
    /// <param name="decimals">Of the value before each name, in units of the axis; null for names alone.</param>
    public static void Paint(
        Plot plot, IReadOnlyList<Series> series, IReadOnlyList<string> lossOrder, Func<double, double> x, Func<double, double> y,
        Predicate<double>? marks, Emphasis? emphasis = null, int? decimals = null)
    {
        SeriesStyle Style(Series one) => PlotStyle.ForLoss(one.StyledAs, lossOrder, emphasis?.IsLoud(one.StyledAs) == true);
        var order = series.OrderBy(one => emphasis?.IsLoud(one.StyledAs) == true).ThenBy(one => one.StyledAs == emphasis?.Subject).ToList();
        foreach (var one in order.Where(one => one.Low is not null && emphasis?.IsLoud(one.StyledAs) != false)) Band(plot, one,
            Style(one), x, y);
        for (var i = 0; i < order.Count; i++)
        {
            var one = order[i];
            var crowded = series.Count > Hue.All.Count && one.X.Length > FewPoints;
            Line(plot, one, Style(one), x, y, marks is null || crowded ? Spread(one, x, y, i, series.Count) : marks);
        }

        LineEnds.Add(plot, [.. series.Select(one => End(one, Style(one), x, y, decimals))]);
    }

    private static LineEnd End(Series one, SeriesStyle style, Func<double, double> x, Func<double, double> y, int? decimals)
    {
        var drawn = Enumerable.Range(0, one.X.Length).Where(i => double.IsFinite(x(one.X[i])) && double.IsFinite(y(one.Y[i]))).ToList();
        if (drawn.Count == 0) return new LineEnd(one.Name, "", style, null);
        var last = drawn[^1];
        var end = new Coordinates(x(one.X[last]), y(one.Y[last]));
        return new LineEnd(one.Name, decimals is { } digits ? PanelAxis.Number(end.Y, digits, signed: false) : "", style, end);
    }

    /// <summary>Returns four places on the line, shifted by the line's share of the distance between them.</summary>
    private static Predicate<double> Spread(Series series, Func<double, double> x, Func<double, double> y, int index, int count)
    {
        var drawn = Runs(series.X, x, series.Y, y).SelectMany(run => run).ToList();
        var marked = Enumerable.Range(0, drawn.Count == 0 ? 0 : MarksOfALine)
            .Select(mark => series.X[drawn[(int)((mark + (index + 0.5) / count) / MarksOfALine * drawn.Count)]]).ToHashSet();
        return marked.Contains;
    }

    /// <summary>Draws one band and line in a given style, without a legend.</summary>
    public static void PaintOne(Plot plot, Series series, SeriesStyle style, Func<double, double> x, Func<double, double> y,
        Predicate<double> marks)
    {
        if (series.Low is not null) Band(plot, series, style, x, y);
        Line(plot, series, style, x, y, marks);
    }

    private static void Band(Plot plot, Series series, SeriesStyle style, Func<double, double> x, Func<double, double> y)
    {
        var (low, high) = (Array.ConvertAll(series.Low!, value => y(value)), Array.ConvertAll(series.High!, value => y(value)));
        var inside = low.Zip(high, (bottom, top) => bottom + top).ToArray(); // finite if both edges are
        foreach (var run in Runs(series.X, x, inside, sum => sum).Where(run => run.Count > 1))
        {
            var fill = plot.Add.FillY([.. run.Select(i => x(series.X[i]))], [.. run.Select(i => low[i])], [.. run.Select(i => high[i])]);
            fill.FillColor = style.Color.WithOpacity(PlotStyle.BandOpacity);
            fill.LineWidth = 0;
            fill.MarkerShape = MarkerShape.None;
        }
    }

    private static void Line(
        Plot plot, Series series, SeriesStyle style, Func<double, double> x, Func<double, double> y, Predicate<double> marks)
    {
        foreach (var run in Runs(series.X, x, series.Y, y))
        {
            Coordinates At(int i) => new(x(series.X[i]), y(series.Y[i]));
            plot.PlottableList.Add(new LossLine(run.ConvertAll(At), style));
            foreach (var i in run.Where(i => run.Count == 1 || marks(series.X[i])))
                plot.PlottableList.Add(new LossMark(At(i), style, PlotStyle.MarkerSize));
        }
    }

    /// <summary>Returns runs of neighbouring points without gaps.</summary>
    private static IEnumerable<List<int>> Runs(double[] xs, Func<double, double> x, double[] ys, Func<double, double> y)
    {
        var run = new List<int>();
        for (var i = 0; i < xs.Length; i++)
        {
            if (double.IsFinite(x(xs[i])) && double.IsFinite(y(ys[i])))
            {
                run.Add(i);
                continue;
            }

            if (run.Count > 0) yield return run;
            run = [];
        }

        if (run.Count > 0) yield return run;
    }
}

using ScottPlot;

namespace Ablation.Experiments.Reports.Plots;

/// <summary>
/// Plots mean ranks of losses on a line, the best at the left. Bars join losses that are not distinguishable; the bar at the top shows the
/// critical difference.
/// </summary>
/// <remarks>J. Demsar, "Statistical comparisons of classifiers over multiple data sets", JMLR 7, 2006, figure 1.</remarks>
public static class CriticalDifferencePlot
{
    private const double RowHeight = 0.4, BarGap = 0.2, Lift = 0.35, BarHeight = 0.85, TextDrop = 0.03, Top = 1.35;
    private const char Gap = '\u2002'; // an en space, since XML collapses two plain spaces

    /// <param name="losses">In any order, with their mean ranks, 1 .. the number of losses.</param>
    /// <param name="distance">Mean ranks at least this far apart are distinguishable.</param>
    /// <param name="groups">First and last position of losses that are not distinguishable, from 0, by rising rank (equal ranks in the
    /// order given).</param>
    /// <param name="lossOrder">Gives each loss its style; the same list for every plot of a report.</param>
    public static Drawing Draw(
        string title, IReadOnlyList<(string Loss, double MeanRank)> losses, double distance, IReadOnlyList<(int First, int Last)> groups,
            IReadOnlyList<string> lossOrder)
    {
        if (losses.Count < 2) throw new ArgumentException("a critical-difference diagram compares at least two losses", nameof(losses));
        var sorted = losses.OrderBy(loss => loss.MeanRank).ToList();
        var plot = PlotStyle.New(title, "", "");
        plot.HideGrid();
        plot.HideAxesAndGrid();
        if (title.Length > 0) plot.Axes.Title.IsVisible = true;
        var (count, left) = (sorted.Count, (sorted.Count + 1) / 2);
        var width = count - 1.0;
        Scale(plot, count);
        var end = Math.Min(1 + distance, count); // if it is longer than the scale, nothing is distinguishable
        Segment(plot, 1, BarHeight, end, BarHeight, PlotStyle.LineWidth + 0.6f, PlotStyle.Ink);
        foreach (var x in new[] { 1, end }) Segment(plot, x, BarHeight - 0.07, x, BarHeight + 0.07, PlotStyle.LineWidth, PlotStyle.Ink);
        Text(plot, $"critical difference {distance:F2}", 1, BarHeight + 0.12, Alignment.LowerLeft);
        var levels = Levels(groups);
        for (var i = 0; i < groups.Count; i++)
        {
            var y = -0.25 - BarGap * levels[i];
            Segment(plot, sorted[groups[i].First].MeanRank - 0.012 * width, y, sorted[groups[i].Last].MeanRank + 0.012 * width, y, 4.5f,
                PlotStyle.Ink);
        }

        var below = -0.25 - BarGap * levels.DefaultIfEmpty(-1).Max() - Lift;
        for (var place = 0; place < count; place++)
        {
            var (loss, rank) = sorted[place];
            var (isLeft, row) = (place < left, place < left ? place : count - 1 - place);
            var (y, x) = (below - RowHeight * row, isLeft ? 1 - 0.06 * width : count + 0.06 * width);
            var color = PlotStyle.ForLoss(loss, lossOrder).Color;
            Segment(plot, rank, 0, rank, y, 1.4f, color);
            Segment(plot, rank, y, x, y, 1.4f, color);
            plot.PlottableList.Add(new LossMark(new Coordinates(rank, 0), PlotStyle.ForLoss(loss, lossOrder), PlotStyle.MarkerSize));
            var number = rank.ToString("F2");
            Text(plot, isLeft ? $"{loss}{Gap}{number}" : $"{number}{Gap}{loss}", x - (isLeft ? 0.01 : -0.01) * width, y - TextDrop, isLeft
                ? Alignment.MiddleRight : Alignment.MiddleLeft);
        }

        var longest = sorted.Max(loss => loss.Loss.Length);
        var side = width * Math.Min(1.4, 0.16 + 0.028 * longest); // room for the names
        var lowest = below - RowHeight * (left - 1) - 0.3;
        plot.Axes.SetLimits(1 - side, count + side, lowest, Top);
        return new Drawing((int)(70 + 62 * (Top - lowest)), plot);
    }

    /// <summary>Returns for each bar the first row below the line where it overlaps no other bar.</summary>
    private static int[] Levels(IReadOnlyList<(int First, int Last)> groups)
    {
        var levels = new int[groups.Count];
        for (var i = 0; i < groups.Count; i++)
        {
            while (Enumerable.Range(0, i)
                .Any(j => levels[j] == levels[i] && groups[j].First <= groups[i].Last && groups[i].First <= groups[j].Last)) levels[i]++;
        }

        return levels;
    }

    private static void Scale(Plot plot, int count)
    {
        Segment(plot, 1, 0, count, 0, 1.4f, PlotStyle.Ink);
        for (var rank = 1; rank <= count; rank++)
        {
            Segment(plot, rank, 0, rank, 0.14, 1.4f, PlotStyle.Ink);
            Text(plot, rank.ToString(), rank, 0.2, Alignment.LowerCenter);
        }
    }

    private static void Segment(Plot plot, double x1, double y1, double x2, double y2, float width, Color color)
    {
        var line = plot.Add.Line(x1, y1, x2, y2);
        (line.LineWidth, line.LineColor, line.MarkerSize) = (width, color, 0);
    }

    private static void Text(Plot plot, string words, double x, double y, Alignment alignment)
    {
        var text = plot.Add.Text(words, x, y);
        (text.LabelFontName, text.LabelFontSize, text.LabelFontColor, text.LabelAlignment) = (EmbeddedFont.Name, PlotStyle.TextSize,
            PlotStyle.Ink, alignment);
    }
}

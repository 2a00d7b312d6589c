using System.Text;

namespace Ablation.Experiments.Reports.Panels;

/// <summary>Path data of SVG from numbers. NaN and what lies off an axis are gaps; a point that nobody could see is left out.</summary>
public static class PanelPath
{
    private const double Visible = 0.35; // units; a point nearer to a straight line between its neighbours changes no pixel

    /// <summary>Returns "M34 294L35.1 290"; a lone point between gaps is a short stroke.</summary>
    public static string Line(IEnumerable<(double X, double Y)> points)
    {
        var text = new StringBuilder();
        foreach (var run in Runs(points))
        {
            var shown = Thin(run);
            if (shown.Count == 1) shown = [(shown[0].X - 1.5, shown[0].Y), (shown[0].X + 1.5, shown[0].Y)];
            for (var i = 0; i < shown.Count; i++) text.Append(i == 0 ? 'M' : 'L').Append(Text(shown[i].X)).Append(' ')
                .Append(Text(shown[i].Y));
        }

        return text.ToString();
    }

    /// <summary>Returns closed areas between two edges.</summary>
    public static string Band(IEnumerable<(double X, double Low, double High)> points)
    {
        var text = new StringBuilder();
        var run = new List<(double X, double Low, double High)>();
        foreach (var point in points.Append((double.NaN, 0, 0)))
        {
            if (double.IsFinite(point.Item1 + point.Item2 + point.Item3))
            {
                run.Add(point);
                continue;
            }

            if (run.Count > 1)
            {
                var there = Thin([.. run.Select(at => (at.X, at.High))]);
                var back = Thin([.. run.Select(at => (at.X, at.Low))]);
                text.Append('M').AppendJoin('L', there.Concat(back.AsEnumerable().Reverse()).Select(at => $"{Text(at.X)} {Text(at.Y)}"))
                    .Append('Z');
            }

            run.Clear();
        }

        return text.ToString();
    }

    /// <summary>Two decimals at most are more than a screen shows.</summary>
    internal static string Text(double value) => Math.Round(value, 1).ToString("0.#");

    private static IEnumerable<List<(double X, double Y)>> Runs(IEnumerable<(double X, double Y)> points)
    {
        var run = new List<(double X, double Y)>();
        foreach (var point in points.Append((double.NaN, 0)))
        {
            if (double.IsFinite(point.Item1 + point.Item2)) run.Add(point);
            else if (run.Count > 0)
            {
                yield return run;
                run = [];
            }
        }
    }

    /// <summary>Douglas and Peucker's reduction: keeps the points that lie off the line between those kept.</summary>
    private static List<(double X, double Y)> Thin(List<(double X, double Y)> run)
    {
        if (run.Count < 3) return run;
        var kept = new bool[run.Count];
        kept[0] = kept[^1] = true;
        var open = new Stack<(int First, int Last)>([(0, run.Count - 1)]);
        while (open.TryPop(out var part))
        {
            var (farthest, distance) = (0, Visible);
            for (var i = part.First + 1; i < part.Last; i++)
            {
                var own = Distance(run[i], run[part.First], run[part.Last]);
                if (own > distance) (farthest, distance) = (i, own);
            }

            if (farthest == 0) continue;
            kept[farthest] = true;
            open.Push((part.First, farthest));
            open.Push((farthest, part.Last));
        }

        return [.. run.Where((_, i) => kept[i])];
    }

    private static double Distance((double X, double Y) point, (double X, double Y) from, (double X, double Y) to)
    {
        var (dx, dy) = (to.X - from.X, to.Y - from.Y);
        var length = Math.Sqrt(dx * dx + dy * dy);
        return length == 0 ? 0 : Math.Abs(dx * (from.Y - point.Y) - dy * (from.X - point.X)) / length;
    }
}

using Ablation.Experiments.Reports.Plots;
using Ablation.Experiments.Reports.Tables;

namespace Ablation.Experiments.Reports.Panels;

/// <summary>The label at the end of a line.</summary>
/// <param name="End">Where the line ends, in units from the top.</param>
/// <param name="Place">Where the label stands.</param>
/// <param name="Value">"49.3".</param>
public sealed record EndLabel(double End, double Place, string Value);

/// <param name="Line">Path data.</param>
/// <param name="Band">From the lowest to the highest seed; empty for lines that are not loud.</param>
public sealed record PanelLine(string Loss, bool IsLoud, string Line, string Band)
{
    /// <summary>Null if the line has no end in view, or there are too many.</summary>
    public EndLabel? Label { get; init; }
}

/// <summary>Lines over a common axis, drawn at their size: one per loss, labelled at their ends.</summary>
/// <param name="Description">What a screen reader says.</param>
public sealed record CurvesPanel(string Description, string XLabel, IReadOnlyList<AxisTick> X, IReadOnlyList<AxisTick> Y,
    IReadOnlyList<PanelLine> Lines) : Block
{
    /// <summary>The plot's edges, in units of the panel.</summary>
    public const double Left = 36, Right = 300, Top = 10, Bottom = 292;

    public const double Height = 330;

    private const int MostLabels = 10; // of more losses the loud, the best and the worst
    private const double LetterWidth = 7.2; // of a bold letter of 11.5 units, at most on average

    /// <summary>Enough for the longest label.</summary>
    public double Width => Right + 32 + LetterWidth * Lines.Where(line => line.Label is not null)
        .Select(line => line.Label!.Value.Length + 1 + line.Loss.Length).DefaultIfEmpty(0).Max();

    /// <summary>Builds the panel, zoomed to where the trained losses lie.</summary>
    /// <param name="series">X and Y raw.</param>
    public static CurvesPanel Build(string description, CurveView view, IReadOnlyList<Series> series, Emphasis emphasis)
    {
        var x = new PanelAxis(view.Map(view.From), view.Map(view.To), Left, Right);
        var shown = series.Select(one => one.Where(view.Holds)).Where(one => one.Y.Any(double.IsFinite)).ToList();
        var y = view.Shares(shown, Bottom, Top);
        var lines = shown.OrderBy(one => emphasis.IsLoud(one.Name)).ThenBy(one => one.Name == emphasis.Subject)
            .Select(one => Line(one, view, x, y, emphasis)).ToList();
        var ticks = view.Ticks.Where(tick => view.Holds(tick.Value)).Select(tick => new AxisTick(x.At(view.Map(tick.Value)), tick.Text));
        return new CurvesPanel(description, view.Label, [.. ticks], y.Ticks(6), Labelled(lines, shown, y, emphasis));
    }

    private static PanelLine Line(Series one, CurveView view, PanelAxis x, PanelAxis y, Emphasis emphasis)
    {
        double X(int i) => x.At(view.Map(one.X[i]));
        double Y(double share) => y.Holds(100 * share) ? y.At(100 * share) : double.NaN;
        double Cut(double share) => y.At(Math.Clamp(100 * share, y.Low, y.High));
        var (isLoud, points) = (emphasis.IsLoud(one.Name), Enumerable.Range(0, one.X.Length));
        var band = isLoud && one.Low is not null ? PanelPath.Band(points.Select(i => (X(i), Cut(one.Low[i]), Cut(one.High![i])))) : "";
        return new PanelLine(one.Name, isLoud, PanelPath.Line(points.Select(i => (X(i), Y(one.Y[i])))), band);
    }

    private static List<PanelLine> Labelled(List<PanelLine> lines, List<Series> shown, PanelAxis y, Emphasis emphasis)
    {
        var ends = shown.Select(one => (one.Name, Value: 100 * one.Y.Last(double.IsFinite)))
            .Where(one => y.Holds(one.Value)).OrderByDescending(one => one.Value).ToList();
        if (ends.Count > MostLabels)
            ends = [.. ends.Where((one, i) => i == 0 || i == ends.Count - 1 || emphasis.IsLoud(one.Name))];
        var places = EndLabels.Place([.. ends.Select(one => y.At(one.Value))], Top + 4, Bottom);
        var labels = ends.Zip(places).ToDictionary(one => one.First.Name,
            one => new EndLabel(y.At(one.First.Value), one.Second, PanelAxis.Number(one.First.Value, 1, signed: false)));
        return [.. lines.Select(line => line with { Label = labels.GetValueOrDefault(line.Loss) })];
    }
}

using Ablation.Experiments.Reports.Plots;
using Ablation.Experiments.Reports.Tables;

namespace Ablation.Experiments.Reports.Panels;

/// <summary>A number beside a line.</summary>
/// <param name="IsEnd">At the end of the line, bold; otherwise at its start.</param>
public sealed record PointLabel(double X, double Y, string Text, bool IsEnd);

/// <summary>One loss by itself, in a panel of <see cref="SmallPanels.Width"/> x <see cref="SmallPanels.Height"/> units.</summary>
/// <param name="Description">What a screen reader says.</param>
public sealed record SmallPanel(string Loss, string Description, IReadOnlyList<AxisTick> X, IReadOnlyList<AxisTick> Y, string Line)
{
    /// <summary>Place of the line of no difference; null where the axis is no difference.</summary>
    public double? Zero { get; init; }

    /// <summary>From the lowest to the highest seed.</summary>
    public string Band { get; init; } = "";

    /// <summary>A second line, grey and dashed, and a grey band: what the loss is to be seen against.</summary>
    public string OtherLine { get; init; } = "";

    public string OtherBand { get; init; } = "";

    public IReadOnlyList<PointLabel> Labels { get; init; } = [];
}

/// <summary>Many losses over one axis, each in a panel of its own, so that none lies on another.</summary>
/// <param name="How">How to read them, in a sentence or two.</param>
public sealed record SmallPanels(IReadOnlyList<SmallPanel> Panels, string How) : Block
{
    public const double Width = 200, Height = 122;

    /// <summary>Edges of the plot in a panel.</summary>
    public const double Left = 34, Right = 190, Top = 8, Bottom = 98;

    private const double EndRoom = 26; // right of a line, for the number at its end

    /// <summary>Builds the differences of shares from the baseline's, in points, all on one axis.</summary>
    /// <param name="series">X and Y raw, with the edges over seeds.</param>
    public static SmallPanels? Differences(string what, CurveView view, IReadOnlyList<Series> series, string baseline)
    {
        if (series.FirstOrDefault(one => one.Name == baseline) is not { Low: not null } zero) return null;
        var others = series.Where(one => one.Name != baseline && one.Name != Suites.Labels.Untrained && one.Low is not null
            && one.X.AsSpan().SequenceEqual(zero.X)).ToList();
        int[] shown = [.. Enumerable.Range(0, zero.X.Length).Where(i => view.Holds(zero.X[i]))];
        var x = new PanelAxis(view.Map(view.From), view.Map(view.To), Left, Right);
        double Points(double[] of, int i) => 100 * (of[i] - zero.Y[i]);
        var all = others.Append(zero).SelectMany(one => shown.SelectMany(i => new[] { Points(one.Low!, i), Points(one.High!, i) }))
            .Where(double.IsFinite).ToList();
        if (others.Count == 0 || all.Count == 0) return null;
        var y = PanelAxis.Round(Math.Min(0, all.Min()), Math.Max(0, all.Max()), 3, Bottom, Top);
        var ticks = view.Ticks.Where(tick => view.Holds(tick.Value)).Select(tick => new AxisTick(x.At(view.Map(tick.Value)), tick.Text))
            .ToList();
        string Band(Series one) =>
            PanelPath.Band(shown.Select(i => (x.At(view.Map(zero.X[i])), y.At(Points(one.Low!, i)), y.At(Points(one.High!, i)))));
        var ghost = Band(zero);
        return new SmallPanels([.. others.Select(one => new SmallPanel(one.Name, $"{one.Name}: {what} less that of {baseline}",
            ticks, y.Ticks(3, signed: true), PanelPath.Line(shown.Select(i => (x.At(view.Map(zero.X[i])), y.At(Points(one.Y, i))))))
        {
            Zero = y.At(0),
            Band = Band(one),
            OtherBand = ghost,
        })], $"Points above or below {baseline}'s mean. Coloured: from the lowest to the highest seed of the loss. Grey: the same of " +
            $"{baseline} itself; what stays within the grey is no more than seeds do.");
    }

    /// <summary>Builds one panel per loss with its own logarithmic axis, for values that cannot be compared by height.</summary>
    public static SmallPanels Logarithmic(string what, IReadOnlyList<Series> series, string how) =>
        new([.. series.Where(one => one.Y.Any(value => value > 0)).Select(one => Logarithmic(what, one))], how);

    private static SmallPanel Logarithmic(string what, Series one)
    {
        var known = one.Y.Where(value => value > 0).ToList();
        var values = one.Y.Concat(one.Low ?? []).Concat(one.High ?? []).Where(value => value > 0).Select(Math.Log10).ToList();
        var (low, high) = (values.Min(), values.Max());
        var y = high > low ? new PanelAxis(low, high, Bottom, Top) : new PanelAxis(low - 0.5, low + 0.5, Bottom, Top);
        var x = Over(one);
        double Y(double value) => value > 0 ? y.At(Math.Log10(value)) : double.NaN;
        return new SmallPanel(one.Name, $"{one.Name}: {what} from {Short(known[0])} to {Short(known[^1])}", x.Ticks(2), [], Path(one, x, Y))
        {
            Band = BandOf(one, x, Y),
            Labels = Ends(one, x, Y, Short),
        };
    }

    /// <summary>Builds one panel per loss, all on one axis from 0, each with another line to compare.</summary>
    /// <param name="pairs">A line of the loss, and the other.</param>
    /// <param name="unit">After every number: "°".</param>
    public static SmallPanels Pairs(string what, IReadOnlyList<(Series Own, Series Other)> pairs, string unit, string how)
    {
        var highest = pairs.SelectMany(pair => new[] { pair.Own, pair.Other }).SelectMany(one => one.High ?? one.Y)
            .Where(double.IsFinite).DefaultIfEmpty(1).Max();
        var y = PanelAxis.Round(0, highest, 3, Bottom, Top);
        double Y(double value) => y.At(value);
        return new SmallPanels([.. pairs.Select(pair =>
        {
            var x = Over(pair.Own);
            return new SmallPanel(pair.Own.Name, $"{pair.Own.Name}: {what}", x.Ticks(2),
                [.. y.Ticks(3).Select(tick => tick with { Text = tick.Text + unit })], Path(pair.Own, x, Y))
            {
                Band = BandOf(pair.Own, x, Y),
                OtherLine = Path(pair.Other, x, Y),
                Labels = [.. Ends(pair.Own, x, Y, value => PanelAxis.Number(value, 0, signed: false) + unit).Where(label => label.IsEnd)],
            };
        })], how);
    }

    private static PanelAxis Over(Series one) =>
        new(0, one.X.Where(double.IsFinite).DefaultIfEmpty(1).Max() is > 0 and var last ? last : 1, Left, Right - EndRoom);

    private static string Path(Series one, PanelAxis x, Func<double, double> y) =>
        PanelPath.Line(one.X.Zip(one.Y, (at, value) => (x.At(at), y(value))));

    private static string BandOf(Series one, PanelAxis x, Func<double, double> y) => one.Low is null ? ""
        : PanelPath.Band(one.X.Select((at, i) => (x.At(at), y(one.Low[i]), y(one.High![i]))));

    private static List<PointLabel> Ends(Series one, PanelAxis x, Func<double, double> y, Func<double, string> text)
    {
        var known = Enumerable.Range(0, one.X.Length).Where(i => double.IsFinite(y(one.Y[i]))).ToList();
        if (known.Count == 0) return [];
        PointLabel At(int i, bool isEnd) => new(x.At(one.X[i]), y(one.Y[i]), text(one.Y[i]), isEnd);
        return known.Count == 1 ? [At(known[0], true)] : [At(known[0], false), At(known[^1], true)];
    }

    /// <summary>Three digits: "13.1", "0.42".</summary>
    private static string Short(double value) =>
        value.ToString(Math.Abs(value) switch { >= 100 => "F0", >= 10 => "F1", >= 0.1 => "F2", _ => "0.0E+0" });
}

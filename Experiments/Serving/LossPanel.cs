using Ablation.Experiments.Reports.Panels;
using Ablation.Experiments.Reports.Plots;
using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Store;

namespace Ablation.Experiments.Serving;

/// <summary>A line of the training loss.</summary>
/// <param name="Name">Stands at its end: the loss, and the seed where the panel has several.</param>
/// <param name="Loss">Whose colour it has.</param>
/// <param name="End">Where the line ends, in pixels from the left.</param>
public sealed record LossLine(string Name, string Loss, string Path, double End, EndLabel? Label);

/// <summary>The training losses of some trials over their steps, on a logarithmic axis, labelled at their ends.</summary>
/// <param name="Title">What it shows.</param>
public sealed record LossPanel(string Title, IReadOnlyList<AxisTick> X, IReadOnlyList<AxisTick> Y, IReadOnlyList<LossLine> Lines)
{
    /// <summary>The height of the panel and the edges of its plot, in pixels.</summary>
    public const double Height = 250, Left = 40, Right = 290, Top = 10, Bottom = 210;

    private const int MostLabels = 12;
    private const double LetterWidth = 7.2; // of a bold letter of 12 pixels, at most on average

    /// <summary>Enough for the longest label.</summary>
    public double Width => Right + 32 + LetterWidth * Lines.Where(line => line.Label is not null)
        .Select(line => line.Label!.Value.Length + 1 + line.Name.Length).DefaultIfEmpty(0).Max();

    private static readonly double[] Marks = [1, 2, 5];

    /// <summary>Builds the panel; null if no trial has points.</summary>
    /// <param name="trials">Name and loss of each, and its points so far.</param>
    /// <param name="steps">Of the longest training; 0 to end the axis at the last point.</param>
    public static LossPanel? Build(string title, IReadOnlyList<(string Name, string Loss, IReadOnlyList<CurvePoint> Points)> trials,
        long steps)
    {
        var shown = trials.Where(trial => trial.Points.Any(point => point.Loss > 0)).ToList();
        if (shown.Count == 0) return null;
        var values = shown.SelectMany(trial => trial.Points).Where(point => point.Loss > 0).Select(point => Math.Log10(point.Loss))
            .ToList();
        var (low, high) = (values.Min(), values.Max());
        var y = high - low > 0.1 ? new PanelAxis(low, high, Bottom, Top) : new PanelAxis(low - 0.05, low + 0.1, Bottom, Top);
        var x = PanelAxis.Round(0, Math.Max(steps, shown.Max(trial => trial.Points[^1].Step)), 4, Left, Right);
        double At(CurvePoint point) => point.Loss > 0 ? y.At(Math.Log10(point.Loss)) : double.NaN;
        var ends = shown.Index().Select(trial => (trial.Index, Last: trial.Item.Points.Last(point => point.Loss > 0)))
            .OrderBy(trial => At(trial.Last)).Take(MostLabels).ToList();
        var places = EndLabels.Place([.. ends.Select(end => At(end.Last))], Top + 4, Bottom);
        var labels = ends.Zip(places).ToDictionary(end => end.First.Index,
            end => new EndLabel(At(end.First.Last), end.Second, Digits.Loss(end.First.Last.Loss)));
        return new LossPanel(title, x.Ticks(4), [.. Ticks(low, high).Select(value => new AxisTick(y.At(Math.Log10(value)), $"{value:G3}"))],
        [
            .. shown.Select((trial, i) => new LossLine(trial.Name, trial.Loss,
                PanelPath.Line(trial.Points.Select(point => (x.At(point.Step), At(point)))), x.At(trial.Points[^1].Step),
                labels.GetValueOrDefault(i))),
        ]);
    }

    /// <summary>Returns 1, 2 and 5 times the powers of ten within a range of logarithms; over three decades the powers alone.</summary>
    private static IEnumerable<double> Ticks(double low, double high) =>
        from power in Enumerable.Range((int)Math.Floor(low), (int)Math.Ceiling(high) - (int)Math.Floor(low) + 1)
        from digit in high - low > 3 ? Marks[..1] : Marks
        let value = digit * Math.Pow(10, power)
        where Math.Log10(value) >= low - 1e-9 && Math.Log10(value) <= high + 1e-9
        select value;
}

using Ablation.Experiments.Reports.Panels;
using Ablation.Experiments.Reports.Plots;
using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Store;
using Ablation.Harness;

namespace Ablation.Experiments.Serving;

/// <summary>What a row shows of a finished trial, read once: its result never changes.</summary>
/// <param name="Accuracy">"91.4  88.0", in percent.</param>
/// <param name="Tests">The names of the tests that it is of.</param>
/// <param name="Curve">Path data of the small drawing.</param>
internal sealed record FinishedFigures(string Accuracy, IReadOnlyList<string> Tests, long Steps, double? TrainLoss, double? ImagesPerSecond,
    string Curve, string Message)
{
    /// <summary>The drawing of a row, in pixels.</summary>
    public const double Width = 120, Height = 24;

    private const double Edge = 2;

    private static readonly FinishedFigures None = new("", [], 0, null, null, "", "");

    /// <summary>Reads the figures of a trial; what is damaged says so.</summary>
    public static FinishedFigures Read(ResultStore store, string id)
    {
        try
        {
            return store.Load(id) is { } result ? Of(result, Curves.Stored(store, result)) : None;
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return None with { Message = e.Message };
        }
    }

    /// <summary>Draws a training loss on a logarithmic axis, as wide as the training is long.</summary>
    public static string Spark(IReadOnlyList<CurvePoint> points, long steps)
    {
        var values = points.Where(point => point.Loss > 0).Select(point => Math.Log10(point.Loss)).ToList();
        if (values.Count < 2 || steps <= 0) return "";
        var (low, high) = (values.Min(), values.Max());
        var y = new PanelAxis(low, high > low ? high : low + 1, Height - Edge, Edge);
        return PanelPath.Line(points.Select(point =>
            (Width * point.Step / steps, point.Loss > 0 ? y.At(Math.Log10(point.Loss)) : double.NaN)));
    }

    private static FinishedFigures Of(TrialResult result, IReadOnlyList<CurvePoint> points)
    {
        var accuracies = PoolLines.Accuracies(result);
        return new FinishedFigures(string.Join("  ", accuracies.Select(one => Digits.Percent(one.Value))),
            [.. accuracies.Select(one => one.Test)], result.Steps, result.FinalLoss, result.ImagesPerSecond, Spark(points, result.Steps),
            string.Join("; ", PoolLines.Notes(result)));
    }
}

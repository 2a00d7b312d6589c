using Ablation.Harness.Statistics;
using Ablation.Harness.Training.Checkpoints;

namespace Ablation.Experiments.Reports.Tables;

/// <summary>
/// Builds the table of how the proxies move while they are trained, one row per loss: means over the log points of a trial, then over
/// seeds.
/// </summary>
internal static class MotionTable
{
    private static readonly ValueFormat Degrees = ValueFormat.Number(1), Share = new(100, 1, "%"), Count = ValueFormat.Number(2);

    private sealed record Column(string Name, string Detail, ValueFormat Format, Func<IReadOnlyList<HistoryPoint>, double?> Value);

    private static readonly Column[] Columns =
    [
        new("turn of a proxy", "degrees an epoch, first half", Degrees, points => Mean(Half(points, first: true), OfTurn)),
        new("turn of a proxy", "degrees an epoch, second half", Degrees, points => Mean(Half(points, first: false), OfTurn)),
        new("proxies in a step", "with a gradient", Share, points => Mean(points, point => point.Motion?.Touched)),
        new("proxies in a step", "that share it", Share, points => Mean(points, point => point.Motion?.Effective)),
        new("active hinges", "samples with one, first half", Share, points => Mean(Half(points, first: true), OfSamples)),
        new("active hinges", "samples with one, second half", Share, points => Mean(Half(points, first: false), OfSamples)),
        new("active hinges", "of a sample", Count, points => Mean(points, point => point.Angles?.Hinges?.Mean)),
        new("last BN", "share of the bias, at the end", Share, points => points.LastOrDefault()?.Motion?.BiasShare),
    ];

    /// <summary>Whether any trial has measured it: stores of earlier versions have not.</summary>
    public static bool IsMeasured(TheoryRow row) => row.Trials.Any(trial => trial.History.Measured.Any(point => point.Motion is not null));

    /// <param name="isCompact">One line per cell, without deviation and n.</param>
    public static TextTable Build(string caption, IReadOnlyList<TheoryRow> rows, bool isCompact = false) => new(caption,
        [new TextHeader("loss"), .. Columns.Select(Header)],
        [.. rows.Select(row => (IReadOnlyList<TextCell>)
            [new TextCell(row.Loss), .. Columns.Select(column => Cell(column, row, isCompact))])])
    { Losses = [.. rows.Select(row => row.Loss)] };

    private static TextHeader Header(Column column) => new(column.Format.Label(column.Name), column.Detail, IsNumber: true);

    private static TextCell Cell(Column column, TheoryRow row, bool isCompact)
    {
        double[] values = [.. row.Trials.Select(trial => column.Value([.. trial.History.Measured.Where(point => point.Motion is not null)]))
            .OfType<double>()];
        if (values.Length == 0) return new TextCell(ValueFormat.Missing);
        var sample = Sample.Summarise(values);
        return new TextCell(column.Format.Text(sample.Mean),
            Details: isCompact ? null : [$"sd {column.Format.Text(sample.Deviation)}, n = {sample.N}"])
        { Value = sample.Mean };
    }

    private static double? OfTurn(HistoryPoint point) => point.Motion?.DegreesPerEpoch;

    private static double? OfSamples(HistoryPoint point) => point.Angles?.Hinges?.Samples;

    private static double? Mean(IEnumerable<HistoryPoint> points, Func<HistoryPoint, double?> value) =>
        points.Select(value).OfType<double>().Select(one => (double?)one).DefaultIfEmpty(null).Average();

    private static IEnumerable<HistoryPoint> Half(IReadOnlyList<HistoryPoint> points, bool first) =>
        points.Where(point => point.Epoch <= points[^1].Epoch / 2 == first);
}

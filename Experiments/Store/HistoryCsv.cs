using Ablation.Harness.Theory;
using Ablation.Harness.Training.Checkpoints;
using CsvHelper;

namespace Ablation.Experiments.Store;

/// <summary>
/// The log points of a training, one per row; numbers read back bit for bit. The speed is not among them: equal trainings give equal
/// bytes. The columns of angles are there if a log point has them, and empty at log points without.
/// </summary>
public static class HistoryCsv
{
    private static readonly string[] Columns = ["step", "epoch", "learning_rate", "loss"];
    private static readonly string[] WithAngles =
    [
        .. Columns, "samples", "own_degrees_p10", "own_degrees_p50", "own_degrees_p90", "own_degrees_mean",
        "nearest_degrees_p10", "nearest_degrees_p50", "nearest_degrees_p90", "nearest_degrees_mean", "nearest_is_own", "logsumexp_gap",
            "logsumexp_gap_bound",
    ];

    public static string Write(IReadOnlyList<HistoryPoint> history)
    {
        var withAngles = history.Any(point => point.Angles is not null);
        using var text = new StringWriter();
        using (var csv = CsvWriter.Create(text, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true))
        {
            csv.WriteHeader(withAngles ? WithAngles : Columns);
            foreach (var point in history)
                csv.WriteRecord([Raw(point.Step), Raw(point.Epoch), Raw(point.LearningRate), Raw(point.Loss), .. withAngles
                    ? Cells(point.Angles) : []]);
        }

        return text.ToString();
    }

    /// <exception cref="InvalidDataException">The file does not fit; says which line.</exception>
    public static IReadOnlyList<HistoryPoint> Read(string path) => CsvLines.Read(path, ColumnsOf(path), cells =>
        new HistoryPoint(CsvLines.Whole(cells[0]), CsvLines.Number(cells[1]), CsvLines.Number(cells[2]), CsvLines.Number(cells[3]),
            Angles: cells.Length == WithAngles.Length && cells[Columns.Length].Length > 0 ? Angles(cells.AsSpan(Columns.Length)) : null));

    /// <summary>The columns with angles where the header names them; else those without, and the reader checks the header.</summary>
    private static string[] ColumnsOf(string path)
    {
        if (!File.Exists(path)) return Columns;
        using var file = File.OpenText(path);
        return file.ReadLine() == string.Join(",", WithAngles) ? WithAngles : Columns;
    }

    private static string[] Cells(ProxyAngles? angles) => angles is null
        ? [.. Enumerable.Repeat("", WithAngles.Length - Columns.Length)]
        : [Raw(angles.Samples), .. Cells(angles.Own), .. Cells(angles.Nearest), Raw(angles.NearestIsOwn), Raw(angles.Gap?.Mean),
            Raw(angles.Gap?.Bound)];

    private static string[] Cells(AngleSpread spread) => [Raw(spread.P10), Raw(spread.P50), Raw(spread.P90), Raw(spread.Mean)];

    private static ProxyAngles Angles(ReadOnlySpan<string> cells) =>
        new((int)CsvLines.Whole(cells[0]), Spread(cells[1..5]), Spread(cells[5..9]), CsvLines.Number(cells[9]),
        cells[10].Length > 0 ? new LogSumExpGap(CsvLines.Number(cells[10]), CsvLines.Number(cells[11])) : null);

    private static AngleSpread Spread(ReadOnlySpan<string> cells) =>
        new(CsvLines.Number(cells[0]), CsvLines.Number(cells[1]), CsvLines.Number(cells[2]), CsvLines.Number(cells[3]));

    private static string Raw(double? value) => value?.ToString("R") ?? "";
}

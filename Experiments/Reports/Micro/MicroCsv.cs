using System.Globalization;
using Ablation.Benchmarks;
using Ablation.Experiments.Reports.Tables;
using CsvHelper;

namespace Ablation.Experiments.Reports.Micro;

/// <summary>Reads and writes losses.csv: raw numbers that read back bit for bit, "n/a" for a missing one.</summary>
public static class MicroCsv
{
    private static readonly string[] Columns =
    [
        "loss", "implementation", "batch", "classes", "dimension", "threads", "forward_ms", "forward_backward_ms", "floor_ms",
            "ratio_to_floor",
        "peak_bytes", "peer_ms", "step_ms", "own_floor_ms", "peer_default_ms", "ratio_low", "ratio_high", "iterations", "precision",
            "commit",
    ];

    public static string Write(IReadOnlyList<MicroRow> rows)
    {
        using var text = new StringWriter();
        using (var csv = CsvWriter.Create(text, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true))
        {
            csv.WriteHeader(Columns);
            foreach (var row in rows) csv.WriteRecord(Cells(row));
        }

        return text.ToString();
    }

    /// <exception cref="InvalidDataException">The file is invalid; the message names the line.</exception>
    public static IReadOnlyList<MicroRow> Read(string path)
    {
        var rows = new List<MicroRow>();
        var line = 0;
        try
        {
            foreach (var text in File.ReadLines(path))
            {
                var cells = text.Split(','); // names and numbers: no cell is quoted
                if (line++ == 0 && !cells.SequenceEqual(Columns))
                    throw new FormatException($"the header is not {string.Join(",", Columns)}");
                if (line > 1)
                    rows.Add(cells.Length == Columns.Length
                        ? Row(cells) : throw new FormatException($"{cells.Length} cells for {Columns.Length} columns"));
            }
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            throw new InvalidDataException(
                $"{path}({line}): {e.Message}; give a losses.csv that bench losses wrote, or delete it to measure again", e);
        }

        return line > 0 ? rows : throw new InvalidDataException($"{path}: empty; give a losses.csv that bench losses wrote");
    }

    private static string[] Cells(MicroRow row) =>
    [
        row.Key.Loss, row.Key.Implementation, Whole(row.Key.Batch), Whole(row.Key.Classes), Whole(row.Key.Dimension),
            Whole(row.Key.Threads),
        Raw(row.ForwardMs), Raw(row.ForwardBackwardMs), Raw(row.FloorMs), Raw(row.Ratio.Median), row.PeakBytes is { } bytes
            ? Whole(bytes) : ValueFormat.Missing, Raw(row.PeerMs),
        Raw(row.StepMs), Raw(row.OwnFloorMs), Raw(row.PeerDefaultMs), Raw(row.Ratio.Low), Raw(row.Ratio.High), Whole(row.Ratio.Count),
            row.Key.Precision, row.Commit,
    ];

    private static MicroRow Row(string[] cells) => new(
        new MicroKey(cells[0], cells[1], Int(cells[2]), Int(cells[3]), Int(cells[4]), Int(cells[5]), cells[18]),
        Maybe(cells[6]), Number(cells[7]), Maybe(cells[12]), Number(cells[8]), Maybe(cells[13]),
        new MedianInterval(Number(cells[9]), Number(cells[15]), Number(cells[16]), Int(cells[17])),
        cells[10] == ValueFormat.Missing ? null : long.Parse(cells[10]), Maybe(cells[11]), Maybe(cells[14]), cells[19]);

    private static string Whole(long value) => value.ToString();

    private static string Raw(double? value) => value is { } number && double.IsFinite(number) ? number.ToString("R") : ValueFormat.Missing;

    private static int Int(string text) => int.Parse(text);

    private static double Number(string text) => double.Parse(text, NumberStyles.Float);

    private static double? Maybe(string text) => text == ValueFormat.Missing ? null : Number(text);
}

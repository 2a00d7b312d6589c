using System.Globalization;
using Ablation.Benchmarks;
using Ablation.Harness.Kernels;
using Ablation.Harness.Networks;
using CsvHelper;

namespace Ablation.Experiments.Reports.Micro;

/// <summary>Reads and writes training.csv: raw numbers that read back bit for bit, an empty cell for a missing one.</summary>
public static class TrainCsv
{
    private const string Images = "_images_per_second";

    /// <summary>The columns in order, and their contents.</summary>
    private static readonly (string Name, Func<TrainRow, string> Cell)[] Columns =
    [
        ("network", row => row.Case.Network), ("pixels", row => Whole(row.Case.Pixels)), ("batch", row => Whole(row.Case.Batch)),
            ("threads", row => Whole(row.Case.Threads)),
        ("precision", row => row.Case.PrecisionName), ("layout", row => row.Case.Layout), ("loss", row => row.Case.Loss),
        ("whole" + Images, row => Raw(row.Timing.Whole)), ("bare" + Images, row => Raw(row.Timing.Bare)),
            ("peer" + Images, row => Raw(row.Timing.Peer?.Whole)), ("peak_bytes", row => Whole(row.Timing.PeakBytes)),
        ("peer_bare" + Images, row => Raw(row.Timing.Peer?.Bare)), ("peer_peak_bytes", row => Whole(row.Timing.Peer?.PeakBytes)),
            ("peer_worker_bytes", row => Whole(row.Timing.Peer?.WorkerBytes)),
        ("whole_to_bare", row => Raw(row.Timing.WholeToBare.Median)), ("whole_to_bare_low", row => Raw(row.Timing.WholeToBare.Low)),
            ("whole_to_bare_high", row => Raw(row.Timing.WholeToBare.High)),
        ("whole_to_peer", row => Raw(row.Timing.Peer?.WholeToPeer.Median)),
            ("whole_to_peer_low", row => Raw(row.Timing.Peer?.WholeToPeer.Low)),
                ("whole_to_peer_high", row => Raw(row.Timing.Peer?.WholeToPeer.High)),
        ("cached" + Images, row => Raw(row.Timing.Cached)), ("waited_share", row => Raw(row.Timing.WaitedShare)),
        ("read" + Images, row => Raw(row.Timing.Stages.Read)), ("decode" + Images, row => Raw(row.Timing.Stages.Decode)),
            ("augment" + Images, row => Raw(row.Timing.Stages.Augment)),
        ("forward" + Images, row => Raw(row.Timing.Stages.Forward)), ("loss" + Images, row => Raw(row.Timing.Stages.Loss)),
            ("backward" + Images, row => Raw(row.Timing.Stages.Backward)), ("step" + Images, row => Raw(row.Timing.Stages.Step)),
        ("forward_backward" + Images, row => Raw(row.Timing.Stages.ForwardBackward)),
            ("evaluation" + Images, row => Raw(row.Timing.Stages.Evaluation)),
                ("peer_evaluation" + Images, row => Raw(row.Timing.Peer?.Evaluation)),
        ("product_flops", row => Raw(row.Timing.ProductRate)), ("share_of_product_peak", row => Raw(row.Timing.ShareOfProductPeak)),
            ("parameters", row => Whole(row.Timing.Cost.Parameters)), ("multiply_adds", row => Whole(row.Timing.Cost.MultiplyAdds)),
        ("rounds", row => Whole(row.Timing.Rounds)), ("device", row => row.Case.Device), ("source", row => row.Timing.Source),
            ("commit", row => row.Commit),
    ];

    private static readonly string[] Names = [.. Columns.Select(column => column.Name)];

    public static string Write(IReadOnlyList<TrainRow> rows)
    {
        using var text = new StringWriter();
        using (var csv = CsvWriter.Create(text, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true))
        {
            csv.WriteHeader(Names);
            // the name of a folder, which may contain commas; no cell is quoted
            foreach (var row in rows) csv.WriteRecord([.. Columns.Select(column => column.Cell(row).Replace(',', ';'))]);
        }

        return text.ToString();
    }

    /// <exception cref="InvalidDataException">The file is invalid; the message names the line.</exception>
    public static IReadOnlyList<TrainRow> Read(string path)
    {
        var rows = new List<TrainRow>();
        var line = 0;
        try
        {
            foreach (var text in File.ReadLines(path))
            {
                var cells = text.Split(',');
                if (line++ == 0 && !cells.SequenceEqual(Names)) throw new FormatException($"the header is not {string.Join(",", Names)}");
                if (line > 1)
                    rows.Add(cells.Length == Names.Length
                        ? Row(new Cells(cells)) : throw new FormatException($"{cells.Length} cells for {Names.Length} columns"));
            }
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            throw new InvalidDataException(
                $"{path}({line}): {e.Message}; put back the training.csv that bench train wrote, or delete it to measure again", e);
        }

        return line > 0
            ? rows : throw new InvalidDataException(
                $"{path}: empty; put back the training.csv that bench train wrote, or delete it to measure again");
    }

    private static TrainRow Row(Cells cells)
    {
        var one = new TrainCase(Known("network", [.. TrainGrid.Networks.Keys]), cells.Int("pixels"), cells.Int("batch"),
            cells.Int("threads"),
            Known("precision", ["float32", "bfloat16"]) == "float32" ? Precision.Float32 : Precision.BFloat16,
            Known("layout", [TrainGrid.ChannelsLast, TrainGrid.Contiguous]) == TrainGrid.ChannelsLast, cells["loss"], cells["device"]);
        var stages = new TrainStages(cells.Rate("read"), cells.Rate("decode"), cells.Rate("augment"), cells.Rate("forward"),
            cells.Rate("loss"), cells.Rate("backward"), cells.Rate("step"), cells.Rate("evaluation"));
        var rounds = cells.Int("rounds");
        var timing = new TrainTiming(one, cells["source"], rounds, cells.Rate("whole"), cells.Rate("bare"), Interval("whole_to_bare"),
            new BackboneCost(cells.Long("parameters")!.Value, cells.Long("multiply_adds")!.Value), stages,
                cells.Number("product_flops")!.Value)
        {
            Cached = cells.Number("cached" + Images),
            WaitedShare = cells.Number("waited_share"),
            PeakBytes = cells.Long("peak_bytes"),
            Peer = cells.Number("peer" + Images) is not { } peer ? null
                : new TrainPeerTiming(peer, cells.Rate("peer_bare"), cells.Number("peer_evaluation" + Images), Interval("whole_to_peer"),
                    cells.Long("peer_peak_bytes"), cells.Long("peer_worker_bytes")),
        };
        return new TrainRow(timing, cells["commit"]);

        MedianInterval Interval(string name) => new(cells.Sure(name), cells.Sure(name + "_low"), cells.Sure(name + "_high"), rounds);

        string Known(string name, string[] known) =>
            known.Contains(cells[name])
            ? cells[name] : throw new FormatException($"{name} \"{cells[name]}\" is not one of {string.Join(", ", known)}");
    }

    /// <summary>The cells of a row by the names of their columns.</summary>
    private readonly record struct Cells(string[] Values)
    {
        public string this[string name] => Values[Array.IndexOf(Names, name)];

        public int Int(string name) => int.Parse(this[name]);

        public long? Long(string name) => this[name].Length == 0 ? null : long.Parse(this[name]);

        public double? Number(string name) => this[name].Length == 0 ? null : double.Parse(this[name], NumberStyles.Float);

        public double Sure(string name) => Number(name) ?? throw new FormatException($"{name} is empty");

        public double Rate(string name) => Sure(name + Images);
    }

    private static string Whole(long? value) => value?.ToString() ?? "";

    private static string Raw(double? value) => value is { } number && double.IsFinite(number) ? number.ToString("R") : "";
}

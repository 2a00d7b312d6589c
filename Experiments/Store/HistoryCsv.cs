using System.Globalization;
using System.Text;
using Ablation.Harness.Theory;
using Ablation.Harness.Training.Checkpoints;
using CsvHelper;

namespace Ablation.Experiments.Store;

/// <summary>
/// The log points of a training, one per row; numbers read back bit for bit. The speed is left out, so that equal trainings give equal
/// bytes. The columns of angles are present if any log point has angles, and empty at log points without; so are those of hinges and
/// of the proxies' motion. What the loss follows comes last, a column for each number.
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

    private static readonly string[] WithMotion =
    [
        .. WithAngles, "samples_active", "hinges_active", "proxy_degrees_per_epoch", "proxies_touched", "proxies_effective", "bias_share",
    ];

    private const string Followed = "followed_";

    public static string Write(IReadOnlyList<HistoryPoint> history)
    {
        string[] followed = [.. history.SelectMany(point => point.Followed?.Keys ?? []).Distinct().Order(StringComparer.Ordinal)];
        var columns = history.Any(point => point.Motion is not null || point.Angles?.Hinges is not null)
            ? WithMotion : history.Any(point => point.Angles is not null) ? WithAngles : Columns;
        using var text = new StringWriter();
        using (var csv = CsvWriter.Create(text, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true))
        {
            csv.WriteHeader([.. columns, .. followed.Select(name => Followed + name)]);
            foreach (var point in history)
                csv.WriteRecord([Raw(point.Step), Raw(point.Epoch), Raw(point.LearningRate), Raw(point.Loss),
                    .. Measured(point).Take(columns.Length - Columns.Length), .. followed.Select(name => Raw(Value(point, name)))]);
        }

        return text.ToString();
    }

    /// <summary>Reads the file strictly. It has no quoted cells: only names and numbers.</summary>
    /// <param name="bytes">Of the file, if they were read already.</param>
    /// <exception cref="InvalidDataException">The file does not fit; names file and line.</exception>
    public static IReadOnlyList<HistoryPoint> Read(string path, byte[]? bytes = null)
    {
        var rows = new List<HistoryPoint>();
        var line = 1;
        try
        {
            ReadOnlySpan<char> text = bytes is null ? File.ReadAllText(path) : Encoding.UTF8.GetString(bytes);
            if (text.Length == 0) return rows;
            var names = NextLine(ref text).ToString().Split(',');
            string[] followed = [.. names.SkipWhile(name => !name.StartsWith(Followed, StringComparison.Ordinal))];
            var columns = Array.Find([WithMotion, WithAngles], one => one.Length == names.Length - followed.Length) ?? Columns;
            if (!names[..^followed.Length].SequenceEqual(columns) || followed.Any(name => !IsFollowed(name)))
                throw new FormatException($"the header is not {string.Join(",", columns)}");
            var places = new Range[names.Length];
            for (line++; text.Length > 0; line++)
            {
                var row = NextLine(ref text);
                if (row.Count(',') + 1 is var count && count != names.Length)
                    throw new FormatException($"{count} cells for {names.Length} columns");
                row.Split(places, ',');
                var cells = new Row(row, places);
                var point = Point(cells, columns.Length);
                rows.Add(followed.Length == 0 ? point : point with { Followed = FollowedOf(followed, cells.From(columns.Length)) });
            }
        }
        catch (Exception e) when (e is FormatException or OverflowException or IOException)
        {
            throw new InvalidDataException($"{path}({line}): {e.Message}; delete the trial's folder to run it again", e);
        }

        return rows;
    }

    /// <summary>Takes a line from the start of a text, without its end.</summary>
    private static ReadOnlySpan<char> NextLine(ref ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAny('\r', '\n');
        var line = end < 0 ? text : text[..end];
        text = end < 0 ? [] : text[(end + (text[end..] is ['\r', '\n', ..] ? 2 : 1))..];
        return line;
    }

    /// <summary>The cells of a line.</summary>
    private readonly ref struct Row(ReadOnlySpan<char> line, ReadOnlySpan<Range> places)
    {
        private readonly ReadOnlySpan<char> line = line;
        private readonly ReadOnlySpan<Range> places = places;

        public ReadOnlySpan<char> this[int cell] => line[places[cell]];

        public Row From(int cell) => new(line, places[cell..]);
    }

    private static bool IsFollowed(string name) => name.Length > Followed.Length && name.StartsWith(Followed, StringComparison.Ordinal);

    private static double? Value(HistoryPoint point, string name) =>
        point.Followed?.TryGetValue(name, out var value) == true ? value : null;

    private static Dictionary<string, double>? FollowedOf(string[] columns, Row cells)
    {
        var values = new Dictionary<string, double>();
        for (var i = 0; i < columns.Length; i++)
            if (cells[i].Length > 0) values.Add(columns[i][Followed.Length..], Number(cells[i]));
        return values.Count > 0 ? values : null;
    }

    private static HistoryPoint Point(Row cells, int columns)
    {
        var point = new HistoryPoint(Whole(cells[0]), Number(cells[1]), Number(cells[2]), Number(cells[3]));
        if (columns > Columns.Length && cells[Columns.Length].Length > 0)
            point = point with { Angles = Angles(cells.From(Columns.Length)) };
        if (columns < WithMotion.Length) return point;
        var rest = cells.From(WithAngles.Length);
        return point with
        {
            Angles = point.Angles is { } angles && rest[0].Length > 0
                ? angles with { Hinges = new HingeActivity(Number(rest[0]), Number(rest[1])) } : point.Angles,
            Motion = rest[2].Length == 0 ? null
                : new ProxyMotion(Number(rest[2]), Number(rest[3]), Number(rest[4]), rest[5].Length > 0 ? Number(rest[5]) : null),
        };
    }

    /// <summary>The cells of angles, hinges and motion; empty where there are none.</summary>
    private static IEnumerable<string> Measured(HistoryPoint point) =>
    [
        .. point.Angles is { } angles
            ? [Raw(angles.Samples), .. Cells(angles.Own), .. Cells(angles.Nearest), Raw(angles.NearestIsOwn), Raw(angles.Gap?.Mean),
                Raw(angles.Gap?.Bound)]
            : Enumerable.Repeat("", WithAngles.Length - Columns.Length),
        Raw(point.Angles?.Hinges?.Samples), Raw(point.Angles?.Hinges?.Mean), Raw(point.Motion?.DegreesPerEpoch), Raw(point.Motion?.Touched),
        Raw(point.Motion?.Effective), Raw(point.Motion?.BiasShare),
    ];

    private static string[] Cells(AngleSpread spread) => [Raw(spread.P10), Raw(spread.P50), Raw(spread.P90), Raw(spread.Mean)];

    private static ProxyAngles Angles(Row cells) => new((int)Whole(cells[0]), Spread(cells.From(1)), Spread(cells.From(5)),
        Number(cells[9]), cells[10].Length > 0 ? new LogSumExpGap(Number(cells[10]), Number(cells[11])) : null);

    private static AngleSpread Spread(Row cells) => new(Number(cells[0]), Number(cells[1]), Number(cells[2]), Number(cells[3]));

    private static long Whole(ReadOnlySpan<char> text) => long.Parse(text, NumberStyles.AllowLeadingSign);

    private static double Number(ReadOnlySpan<char> text) => double.Parse(text, NumberStyles.Float);

    private static string Raw(double? value) => value?.ToString("R") ?? "";
}

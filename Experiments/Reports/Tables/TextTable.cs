namespace Ablation.Experiments.Reports.Tables;

/// <summary>A cell ready to print. Every part is plain text; renderers escape it.</summary>
/// <param name="Text">"97.23", or a name.</param>
/// <param name="Interval">"0.12", printed after a plus-minus sign; null where the two sides differ.</param>
/// <param name="Details">Smaller lines below it.</param>
public sealed record TextCell(string Text, string? Interval = null, IReadOnlyList<string>? Details = null, Rank Rank = Rank.None)
{
    /// <summary>"0.2 to 11.9" instead of <see cref="Interval"/>, where the two sides of an interval differ.</summary>
    public string? Range { get; init; }

    /// <summary>Whether it is shown in grey, as a figure from outside this project.</summary>
    public bool IsQuoted { get; init; }

    /// <summary>The raw number behind the text, for sorting; null if there is none.</summary>
    public double? Value { get; init; }

    /// <summary>The trials behind the number; they are linked from the first of <see cref="Details"/>.</summary>
    public IReadOnlyList<TrialLink> Trials { get; init; } = [];

    /// <summary>Links to files or places, after the text.</summary>
    public IReadOnlyList<TextLink> Links { get; init; } = [];

    /// <summary>Whether nothing but <see cref="Text"/> is printed, and that as it is. Such a cell has no component of its own in the page:
    /// a table of ten thousand trials would have a hundred thousand.</summary>
    internal bool IsTextAlone => this is { Rank: not Rank.Best, IsQuoted: false, Interval: null, Range: null, Links.Count: 0 }
        && Details is null or { Count: 0 };
}

/// <param name="Url">Escaped, relative to the page.</param>
public sealed record TextLink(string Text, string Url);

/// <summary>A column's heading, with a second line (the estimator), and whether it holds numbers (set right).</summary>
public sealed record TextHeader(string Text, string? Detail = null, bool IsNumber = false);

/// <summary>A table of text: what Markdown and HTML print.</summary>
public sealed record TextTable(string Caption, IReadOnlyList<TextHeader> Headers, IReadOnlyList<IReadOnlyList<TextCell>> Rows)
{
    /// <summary>The loss of each row, so that it can be hidden; empty if rows are not losses.</summary>
    public IReadOnlyList<string> Losses { get; init; } = [];

    /// <summary>The link target of each row; empty if nothing links to rows.</summary>
    public IReadOnlyList<string> Anchors { get; init; } = [];

    /// <summary>Builds a table of plain strings: settings, machines, files.</summary>
    public static TextTable Plain(string caption, IReadOnlyList<string> headers, IEnumerable<IReadOnlyList<string>> rows) =>
        new(caption, [.. headers.Select(header => new TextHeader(header))],
            [.. rows.Select(row => (IReadOnlyList<TextCell>)[.. row.Select(text => new TextCell(text))])]);

    /// <summary>
    /// Rounds a table of results for print: below each mean its deviation, n and difference from the baseline, and the trials behind it.
    /// </summary>
    public static TextTable Build(ResultTable table)
    {
        var headers = table.Columns.SelectMany((column, j) => (IEnumerable<TextHeader>)
        [
            new TextHeader(column.Format.Label(column.Name), column.Detail, IsNumber: true),
            .. table.HasPublished(j)
                ? [new TextHeader(column.Format.Label("published"), "ours less published", IsNumber: true)] : Array.Empty<TextHeader>(),
        ]);
        var rows = table.Rows.Select((row, i) => (IReadOnlyList<TextCell>)
        [
            new TextCell(row.Name),
            .. row.Cells.SelectMany((cell, j) => (IEnumerable<TextCell>)
            [
                Cell(cell, table.Columns[j].Format, table.Ranks[i, j]),
                .. table.HasPublished(j) ? [Quoted(cell, table.Columns[j].Format)] : Array.Empty<TextCell>(),
            ]),
        ]);
        return new TextTable(table.Caption, [new TextHeader("loss"), .. headers], [.. rows])
        {
            Losses = [.. table.Rows.Select(row => row.Loss)],
        };
    }

    private static TextCell Cell(ResultCell cell, ValueFormat format, Rank rank)
    {
        if (cell.Known is not { } mean) return new TextCell(ValueFormat.Missing, Details: [.. Collapse(cell)]);
        var (half, range) = Interval(cell, format);
        return new TextCell(format.Text(mean), half, [.. Details(cell, format)], rank)
        {
            Range = range,
            Value = mean,
            Trials = [.. cell.Trials.Where(trial => cell.Seeds?.ContainsKey(trial.Seed) == true)],
        };
    }

    /// <summary>Returns "0.12" as half of the interval, or "0.2 to 11.9" if the two sides differ; neither without an interval.</summary>
    public static (string? Half, string? Range) Interval(ResultCell cell, ValueFormat format)
    {
        if (cell.Interval is not { } interval || cell.Known is not { } mean) return (null, null);
        return format.Text(interval.High - mean) == format.Text(mean - interval.Low) ? (format.Text(cell.HalfWidth), null)
            : (null, $"{format.Text(interval.Low)} to {format.Text(interval.High)}");
    }

    private static TextCell Quoted(ResultCell cell, ValueFormat format) =>
        cell.Published is not { } published ? new TextCell("") { IsQuoted = true }
        : new TextCell(format.Quoted(published.Raw), Details: cell.PublishedDifference is { } difference
            ? [format.Signed(difference)] : null)
        { IsQuoted = true };

    private static IEnumerable<string> Details(ResultCell cell, ValueFormat format)
    {
        yield return cell.N == 1 ? "n = 1" : $"sd {format.Text(cell.Deviation)}, n = {cell.N}";
        foreach (var line in Collapse(cell)) yield return line;
        if (cell.Comparison is { } comparison && ComparisonWords.Line(comparison, format) is { Length: > 0 } difference)
            yield return difference;
    }

    private static IEnumerable<string> Collapse(ResultCell cell) => cell.Collapsed == 0 ? []
        : [$"collapsed in {cell.Collapsed} of {cell.N + cell.Collapsed} seeds"];
}

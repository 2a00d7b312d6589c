namespace Ablation.Experiments.Terminal;

/// <summary>One column of a table that fits a terminal.</summary>
/// <param name="Head">Its heading; empty for none.</param>
/// <param name="Cells">One per row.</param>
/// <param name="Order">Columns of a higher order are left out first where the width does not suffice; those of 0 never.</param>
public sealed record FittedColumn(string Head, IReadOnlyList<string> Cells, int Order = 0)
{
    /// <summary>Whether cells end at one column, as numbers do.</summary>
    public bool IsRight { get; init; }

    /// <summary>Whether the middle of a cell may be cut, where nothing else can be left out.</summary>
    public bool IsName { get; init; }

    /// <summary>Whether the end of a cell may be cut, before anything is left out.</summary>
    public bool IsText { get; init; }

    /// <summary>Columns at least, so that a live table keeps still while its numbers grow.</summary>
    public int Least { get; init; }

    /// <summary>Shares, 0 to 1, to draw as bars of <see cref="Least"/> columns or more; null for cells of text.</summary>
    public IReadOnlyList<double>? Shares { get; init; }

    public int Width => Cells.Select(cell => cell.Length).Append(Head.Length).Append(Least).Max();

    /// <summary>Columns that it needs: less than its cells take where they may be cut.</summary>
    public int Needed => IsText ? Math.Min(Width, ShortestText) : Width;

    private const int ShortestText = 20;
}

/// <summary>Lays out rows of cells: one line per row, which never wraps.</summary>
public static class FittedTable
{
    private const int ShortestName = 4, LongestBar = 48;
    private const string Gap = "  ";

    /// <summary>Returns the headings, if any column has one, and a line per row.</summary>
    public static IReadOnlyList<string> Lines(IReadOnlyList<FittedColumn> columns, int width, bool hasSymbols)
    {
        var shown = Shown(columns, width);
        var free = width - Total(shown);
        List<FittedColumn> placed = [.. shown.Select(column => Fitted(column, free, hasSymbols))];
        var rows = shown[0].Cells.Count;
        List<string> lines = [];
        if (shown.Any(column => column.Head.Length > 0)) lines.Add(Line(placed, column => column.Head));
        for (var row = 0; row < rows; row++) lines.Add(Line(placed, column => column.Cells[row]));
        return width == TerminalLook.Unlimited ? lines : [.. lines.Select(line => Fit.End(line, width, hasSymbols))];
    }

    /// <summary>Returns the columns that a table of this width has, in their order.</summary>
    public static IReadOnlyList<FittedColumn> Shown(IReadOnlyList<FittedColumn> columns, int width)
    {
        var shown = columns.ToList();
        while (width != TerminalLook.Unlimited && Total(shown) > width && shown.MaxBy(column => column.Order) is { Order: > 0 } least)
            shown.Remove(least);
        return shown;
    }

    private static int Total(IReadOnlyList<FittedColumn> columns) =>
        columns.Sum(column => column.Needed) + Gap.Length * (columns.Count - 1);

    /// <summary>Cuts a name to the width, or draws a bar over what is free.</summary>
    private static FittedColumn Fitted(FittedColumn column, int free, bool hasSymbols)
    {
        if (column.Shares is { } shares)
        {
            var bar = (int)Math.Clamp((long)column.Width + free, column.Width, Math.Max(column.Width, LongestBar));
            return column with { Cells = [.. shares.Select(share => StateMarks.Bar(share, bar, hasSymbols))] };
        }

        if (column.IsText)
        {
            var text = Math.Clamp((long)column.Needed + free, column.Needed, column.Width);
            return column with { Cells = [.. column.Cells.Select(cell => Fit.End(cell, (int)text, hasSymbols))], Least = (int)text };
        }

        if (!column.IsName || free >= 0) return column;
        var width = Math.Max(ShortestName, column.Width + free);
        return column with { Cells = [.. column.Cells.Select(cell => Fit.Middle(cell, width, hasSymbols))], Least = width };
    }

    private static string Line(IReadOnlyList<FittedColumn> placed, Func<FittedColumn, string> cell) =>
        string.Join(Gap, placed.Select(column =>
            column.IsRight ? cell(column).PadLeft(column.Width) : cell(column).PadRight(column.Width))).TrimEnd();
}

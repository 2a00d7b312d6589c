namespace Ablation.Experiments.Scheduling;

/// <summary>Aligns rows of cells in columns: two spaces between them, numbers to the right.</summary>
internal static class TextColumns
{
    /// <param name="headers">A leading "#", which is not shown, marks a column of numbers.</param>
    public static IEnumerable<string> Lines(IReadOnlyList<string> headers, IReadOnlyList<IReadOnlyList<string>> rows, string indent)
    {
        var shown = headers.Select(header => header.TrimStart('#')).ToList();
        var widths = shown.Select((header, column) => rows.Select(row => row[column].Length).Append(header.Length).Max()).ToList();
        return rows.Prepend(shown).Select(row => (indent + string.Join("  ", row.Select((cell, column) =>
            headers[column].StartsWith('#') ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column])))).TrimEnd());
    }
}

using System.Globalization;

namespace Ablation.Experiments.Store;

/// <summary>Reads the store's own CSV files strictly.</summary>
internal static class CsvLines
{
    /// <summary>Every row through <paramref name="parse"/>; the header must be <paramref name="columns"/>.</summary>
    /// <exception cref="InvalidDataException">Names file and line.</exception>
    public static IReadOnlyList<T> Read<T>(string path, string[] columns, Func<string[], T> parse)
    {
        var rows = new List<T>();
        var line = 1;
        try
        {
            using var reader = new StringReader(File.ReadAllText(path));
            foreach (var cells in Cells(reader))
            {
                if (line == 1 && !cells.SequenceEqual(columns)) throw new FormatException($"the header is not {string.Join(",", columns)}");
                if (line > 1)
                    rows.Add(cells.Length == columns.Length
                        ? parse(cells) : throw new FormatException($"{cells.Length} cells for {columns.Length} columns"));
                line++;
            }
        }
        catch (Exception e) when (e is FormatException or OverflowException or IOException)
        {
            throw new InvalidDataException($"{path}({line}): {e.Message}; delete the trial's folder to run it again", e);
        }

        return rows;
    }

    public static long Whole(string text) => long.Parse(text, NumberStyles.AllowLeadingSign);

    public static double Number(string text) => double.Parse(text, NumberStyles.Float);

    /// <summary>None of these files quotes a cell: names and numbers only.</summary>
    private static IEnumerable<string[]> Cells(TextReader reader)
    {
        while (reader.ReadLine() is { } text) yield return text.Split(',');
    }
}

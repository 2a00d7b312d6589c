using CsvHelper;

namespace Ablation.Experiments.Reports.Pages;

/// <summary>The lines of a CSV of <c>trials --csv</c>, each by the names of its columns.</summary>
internal static class MeasuredTrials
{
    private static readonly string[] Needed = ["metric", "test", "estimator", "seed", "value"];

    /// <param name="path">The file.</param>
    /// <param name="name">Its name in messages.</param>
    /// <param name="columns">Those that a block needs besides the usual ones.</param>
    /// <exception cref="InvalidDataException">A column is missing.</exception>
    public static IReadOnlyList<IReadOnlyDictionary<string, string>> Read(string path, string name, params IEnumerable<string> columns)
    {
        var lines = new List<IReadOnlyDictionary<string, string>>();
        using var csv = CsvReader.Create(File.ReadAllBytes(path));
        csv.ReadHeader();
        List<string> known = [.. csv.Headers];
        foreach (var missing in Needed.Concat(columns).Where(column => !known.Contains(column)))
            throw new InvalidDataException($"{name} has no column {missing}; it has {string.Join(", ", known)}");
        while (csv.Read()) lines.Add(known.ToDictionary(column => column, column => csv[column].ToString()));
        return lines;
    }

    /// <summary>Returns the number in a cell; null for n/a.</summary>
    public static double? Value(IReadOnlyDictionary<string, string> line) => double.TryParse(line["value"], out var value) ? value : null;
}

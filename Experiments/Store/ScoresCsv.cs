using Ablation.Harness.Metrics;

namespace Ablation.Experiments.Store;

/// <summary>
/// Raw scores of a pair protocol as earlier versions wrote them: fold, truth (1 same, 0 different) and squared distance, one pair a row.
/// </summary>
public static class ScoresCsv
{
    private static readonly string[] Columns = ["fold", "same", "squared_distance"];

    /// <exception cref="InvalidDataException">The file does not fit; says which line.</exception>
    public static PairScores Read(string path, string test)
    {
        var rows = CsvLines.Read(path, Columns, cells => (
            Fold: checked((int)CsvLines.Whole(cells[0])),
            Same: cells[1] switch { "1" => true, "0" => false, _ => throw new FormatException($"same is {cells[1]}, not 0 or 1") },
            Distance: (float)CsvLines.Number(cells[2])));
        return new PairScores(test, [.. rows.Select(row => row.Distance)], [.. rows.Select(row => row.Same)],
            [.. rows.Select(row => row.Fold)],
            rows.Count == 0 ? 0 : rows.Max(row => row.Fold) + 1);
    }
}

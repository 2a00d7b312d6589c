using Ablation.Harness.Statistics;

namespace Ablation.Experiments.Reports.Tables;

/// <summary>A mark on a cell: best of its column (bold), second best (underlined), or none.</summary>
public enum Rank
{
    None,
    Best,
    Second,
}

/// <summary>
/// Marks the best and the second best value of each column, each only if it is distinguishable from the next by the paired t test over
/// seeds, with Holm's correction over all such steps of the table.
/// </summary>
public static class Ranking
{
    /// <summary>
    /// Returns the marks, row x column. Values that print the same share a place, and a mark if each of them is distinguishable from all of
    /// the next place.
    /// </summary>
    public static Rank[,] Marks(ResultTable table)
    {
        var places = Enumerable.Range(0, table.Columns.Count).Select(column => Places(table, column)).ToList();
        var steps = (from column in Enumerable.Range(0, table.Columns.Count)
                     from place in new[] { 0, 1 }
                     where place + 1 < places[column].Count
                     select (column, place)).ToList();
        var corrected = Holm.Adjust([.. steps.Select(step =>
            Chance(table, step.column, places[step.column][step.place], places[step.column][step.place + 1]))]);
        var ranks = new Rank[table.Rows.Count, table.Columns.Count];
        foreach (var ((column, place), _) in steps.Zip(corrected).Where(step => step.Second < Judgement.Level))
        {
            foreach (var row in places[column][place]) ranks[row, column] = place == 0 ? Rank.Best : Rank.Second;
        }

        return ranks;
    }

    /// <summary>Returns rows from the best value down, those that print the same together.</summary>
    private static List<List<int>> Places(ResultTable table, int column)
    {
        var (format, sign) = (table.Columns[column].Format, table.Columns[column].HigherIsBetter ? -1 : 1);
        return [.. Enumerable.Range(0, table.Rows.Count).Where(row => table.Rows[row].Cells[column].Known is not null)
            .OrderBy(row => sign * table.Rows[row].Cells[column].Known).GroupBy(row => format.Text(table.Rows[row].Cells[column].Known))
            .Select(alike => alike.ToList())];
    }

    /// <summary>
    /// Returns the largest p of the paired t tests between rows of one place and rows of the next; null if a test is impossible.
    /// </summary>
    private static double? Chance(ResultTable table, int column, List<int> place, List<int> next)
    {
        var chances = (from better in place
                       from worse in next
                       select table.Rows[better].Cells[column].Seeds is { } one && table.Rows[worse].Cells[column].Seeds is { } other
                       ? PairedComparison.Compare(one, other).TTestP : null).ToList();
        return chances.Contains(null) ? null : chances.Max();
    }
}

using Ablation.Experiments.Suites;
using Ablation.Harness.Statistics;

namespace Ablation.Experiments.Reports.Tables;

/// <summary>A mark on a cell: among the best of its column (bold), or none.</summary>
public enum Rank
{
    None,
    Best,
}

/// <summary>
/// Marks the losses of each column that no other loss beats (<see cref="BestLosses"/>); nothing where fewer than three seeds, or all
/// losses, would be marked.
/// </summary>
public static class Ranking
{
    /// <summary>Returns the marks, row x column.</summary>
    public static Rank[,] Marks(ResultTable table)
    {
        var ranks = new Rank[table.Rows.Count, table.Columns.Count];
        var trained = Enumerable.Range(0, table.Rows.Count).Where(row => table.Rows[row].Loss != Labels.Untrained).ToList();
        for (var column = 0; column < table.Columns.Count; column++)
        {
            var seeds = trained.ConvertAll(row => new LossSeeds(table.Rows[row].Seeds(column), table.Rows[row].Cells[column].Collapsed));
            foreach (var (row, isBest) in trained.Zip(BestLosses.Of(seeds, table.Columns[column].HigherIsBetter)))
                if (isBest) ranks[row, column] = Rank.Best;
        }

        return ranks;
    }
}

namespace Ablation.Experiments.Reports;

/// <summary>A mark on a cell: best of its column (bold), second best (underlined), or none.</summary>
public enum Rank
{
    None,
    Best,
    Second,
}

/// <summary>Marks the best and the second best value of each column.</summary>
public static class Ranking
{
    /// <summary>
    /// Row x column. Values that print alike share a mark, since a reader could not tell why one has it. No marks in a column
    /// with fewer than two values, or whose values all print alike.
    /// </summary>
    public static Rank[,] Of(ResultTable table)
    {
        var ranks = new Rank[table.Rows.Count, table.Columns.Count];
        for (var column = 0; column < table.Columns.Count; column++)
        {
            var format = table.Columns[column].Format;
            var sign = table.Columns[column].HigherIsBetter ? -1 : 1;
            var texts = table.Rows.Select(row => row.Cells[column].Known).OfType<double>()
                .OrderBy(value => sign * value).Select(value => format.Text(value)).Distinct().Take(2).ToList();
            if (texts.Count < 2) continue;
            for (var row = 0; row < table.Rows.Count; row++)
            {
                var text = format.Text(table.Rows[row].Cells[column].Known);
                ranks[row, column] = text == texts[0] ? Rank.Best : text == texts[1] ? Rank.Second : Rank.None;
            }
        }

        return ranks;
    }
}

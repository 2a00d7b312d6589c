using Ablation.Harness.Statistics;

namespace Ablation.Experiments.Reports.Tables;

/// <summary>The cells of one table, each row but the baseline judged against it, with one correction over the whole table.</summary>
internal static class JudgedCells
{
    /// <param name="values">By row and column: the value of each seed that has one.</param>
    /// <param name="higherIsBetter">A column each.</param>
    /// <param name="baseline">Row that the others are compared with; below 0 for none.</param>
    /// <param name="compared">Rows that take part: one that only gives the scale would use up the correction of the others.</param>
    /// <param name="oneSeed">A test within the one seed that a row and the baseline have in common, by row and column; null where none is
    /// possible.</param>
    public static IReadOnlyList<IReadOnlyList<ResultCell>> Judge(
        IReadOnlyList<IReadOnlyList<IReadOnlyDictionary<int, double>>> values, IReadOnlyList<bool> higherIsBetter, int baseline,
            Func<int, bool> compared,
        Func<int, int, OneSeedComparison?> oneSeed)
    {
        var places = (from row in Enumerable.Range(0, values.Count)
                      where baseline >= 0 && row != baseline && compared(row)
                      from column in Enumerable.Range(0, higherIsBetter.Count)
                      select (row, column)).ToList();
        var judgements = Judgement.OverTable([.. places.Select(at =>
            PairedComparison.Compare(values[at.row][at.column], values[baseline][at.column]) is var comparison && comparison.N == 1
            ? (comparison, higherIsBetter[at.column], oneSeed(at.row, at.column)) : (comparison, higherIsBetter[at.column], null))]);
        var judged = places.Zip(judgements).ToDictionary(entry => entry.First, entry => entry.Second);
        return [.. values.Select((row, i) =>
            (IReadOnlyList<ResultCell>)[.. row.Select((cell, j) => ResultCell.FromValues(cell, judged.GetValueOrDefault((i, j))))])];
    }
}

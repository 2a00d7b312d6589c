using Ablation.Experiments.Suites;
using Ablation.Harness.Statistics;

namespace Ablation.Experiments.Reports.Tables;

/// <param name="Comparison">Comparison with the baseline, seed by seed; the baseline is compared with itself.</param>
internal sealed record LossFinding(string Loss, ResultCell Cell, PairedComparison Comparison);

/// <summary>The findings of one column of a table, loss by loss.</summary>
/// <param name="Place">Test and condition.</param>
/// <param name="Trained">Losses that have the figure, the best mean first, without the untrained network.</param>
/// <param name="Compared">Losses that the table compares with the baseline; none if the baseline has no figure.</param>
internal sealed record HeadlineFinding(string Place, ResultColumn Column, string Baseline, IReadOnlyList<LossFinding> Trained,
    IReadOnlyList<LossFinding> Compared)
{
    /// <summary>Returns the findings; null if the rows have no baseline.</summary>
    public static HeadlineFinding? Find(ResultTable table, int column)
    {
        if (table.Rows.FirstOrDefault(row => row.Loss == table.Baseline) is not { } baseline) return null;
        var (heading, reference) = (table.Columns[column], baseline.Seeds(column));
        var sign = heading.HigherIsBetter ? -1 : 1;
        List<LossFinding> trained =
        [
            .. table.Rows.Where(row => row.Loss != Labels.Untrained && row.Cells[column].Known is not null)
                .Select(row => new LossFinding(row.Name, row.Cells[column], PairedComparison.Compare(row.Seeds(column), reference)))
                .OrderBy(loss => sign * loss.Cell.Known),
        ];
        return new HeadlineFinding(table.Place, heading, baseline.Name, trained,
            reference.Count == 0 ? [] : [.. trained.Where(loss => loss.Loss != baseline.Name)]);
    }
}

using Ablation.Experiments.Reports.Tables;

namespace Ablation.Experiments.Reports;

/// <summary>A loss against the baseline in a primary column, in summary.json. Numbers are raw (shares, not percent); null is
/// missing.</summary>
/// <param name="Table">Title and condition.</param>
/// <param name="Column">Name of the column.</param>
/// <param name="Loss">Its label.</param>
/// <param name="N">Common seeds that did not collapse.</param>
/// <param name="Difference">Mean of the loss less the baseline.</param>
/// <param name="Low">Lower end of the simultaneous 95 % interval.</param>
/// <param name="High">Its upper end.</param>
/// <param name="P">Adjusted over the losses and primary columns of the table.</param>
/// <param name="Verdict">As tables print it.</param>
public sealed record OutcomeComparison(string Table, string Column, string Loss, int N, double? Difference, double? Low, double? High,
    double? P, string Verdict)
{
    internal static IReadOnlyList<OutcomeComparison> All(Summary summary) =>
    [
        .. from table in summary.Specified.Concat(summary.Tables)
           from column in table.Primary
           from row in table.Rows
           let comparison = row.Cells[column].Comparison
           where comparison is not null
           select new OutcomeComparison(table.Place, table.Columns[column].Name, row.Loss, comparison.N, comparison.Difference,
               comparison.Simultaneous?.Low, comparison.Simultaneous?.High, comparison.AdjustedP,
               ComparisonWords.Word(comparison, table.Columns[column].Format)),
    ];
}

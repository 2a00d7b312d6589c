using Ablation.Experiments.Suites;
using Ablation.Harness.Statistics;

namespace Ablation.Experiments.Reports.Tables;

/// <param name="Comparison">With the baseline, seed by seed; of the baseline itself with itself.</param>
internal sealed record LossFinding(string Loss, ResultCell Cell, PairedComparison Comparison);

/// <summary>The headline figure of one table, loss by loss.</summary>
/// <param name="Place">Test and condition.</param>
/// <param name="Trained">Losses that have the figure, the best mean first; the untrained network is not among them.</param>
/// <param name="Compared">Those that the table compares with the baseline; none where the baseline has no figure.</param>
internal sealed record HeadlineFinding(string Place, ResultColumn Column, string Baseline, IReadOnlyList<LossFinding> Trained,
    IReadOnlyList<LossFinding> Compared)
{
    /// <summary>Null where the table has no column.</summary>
    public static HeadlineFinding? Find(Summary summary, SummaryTable table)
    {
        if (SuiteFigures.Headline(table.Table) is not { } column) return null;
        var index = table.Table.Columns.ToList().IndexOf(column);
        var baseline = summary.Suite.BaselineLabel();
        var reference = table.Table.Rows.FirstOrDefault(row => row.Name == baseline)?.Seeds(index) ?? new Dictionary<int, double>();
        var sign = column.HigherIsBetter ? -1 : 1;
        List<LossFinding> trained =
        [
            .. table.Table.Rows.Where(row => row.Name != Labels.Untrained && row.Cells[index].Known is not null)
                .Select(row => new LossFinding(row.Name, row.Cells[index], PairedComparison.Compare(row.Seeds(index), reference)))
                .OrderBy(loss => sign * loss.Cell.Known),
        ];
        return new HeadlineFinding($"{table.Test}, {table.ConditionLabel}", column, baseline, trained, reference.Count == 0
            ? [] : [.. trained.Where(loss => loss.Loss != baseline)]);
    }

    /// <summary>A column of a table that the suite asks for; null where its rows have no baseline, or nothing is known.</summary>
    public static HeadlineFinding? Find(Summary summary, SpecifiedTable table, int column)
    {
        var (heading, label) = (table.Table.Columns[column], table.Options.Baseline ?? summary.Suite.BaselineLabel());
        if (table.Rows.ToList().FindIndex(row => row.Loss == label) is not (>= 0 and var at)) return null;
        var (reference, sign) = (table.Table.Rows[at].Seeds(column), heading.HigherIsBetter ? -1 : 1);
        List<LossFinding> trained =
        [
            .. table.Table.Rows.Where((row, i) => table.Rows[i].Loss != Labels.Untrained && row.Cells[column].Known is not null)
                .Select(row => new LossFinding(row.Name, row.Cells[column], PairedComparison.Compare(row.Seeds(column), reference)))
                .OrderBy(loss => sign * loss.Cell.Known),
        ];
        var name = table.Table.Rows[at].Name;
        return new HeadlineFinding($"{table.Options.Title}{(table.Condition is null ? "" : $" ({table.Condition})")}", heading, name,
            trained, reference.Count == 0 ? [] : [.. trained.Where(loss => loss.Loss != name)]);
    }
}

using Ablation.Experiments.Reports.Tables;
using Ablation.Experiments.Suites;
using Ablation.Harness.Statistics;

namespace Ablation.Experiments.Reports;

/// <summary>
/// Compares losses before and after tuning: what tuning gave each loss, which is described, and the tuned losses with the tuned baseline,
/// which is judged as one family.
/// </summary>
internal static class TuningComparison
{
    public static TextTable Build(Summary summary, TuningChoice choice, ResultTable table)
    {
        var at = table.Headline!.Value;
        var (column, baseline) = (table.Columns[at], Labels.Tuned(summary.Suite.BaselineLabel()));
        var losses = choice.Losses.Select(loss => (Loss: loss, Default: Cell(loss.Label), Tuned: Cell(Labels.Tuned(loss.Label)))).ToList();
        var others = losses.Where(one => Labels.Tuned(one.Loss.Label) != baseline).ToList();
        var judged = ModeratedT.Compare(new ComparedColumn(Seeds(Cell(baseline)), [.. others.Select(one => Seeds(one.Tuned))])
        {
            HigherIsBetter = column.HigherIsBetter,
            IsShare = true,
            Margin = PracticalMargins.Of(summary.Suite, column),
        });
        var against = others.Zip(judged).ToDictionary(one => one.First.Loss.Label, one => one.Second);
        return new TextTable(
            $"{table.Test}: {column.Name} ({column.Estimator}), {column.Format.Unit}, before and after tuning; differences are paired by " +
            $"seed. Those from {baseline} are judged together{(judged.Count > 1 ? $" ({judged[0].Family!.Method})" : "")}; what tuning " +
            $"gave a loss has the 95 % interval of one difference, from three seeds on.",
            [new("loss"), new("default", IsNumber: true), new("tuned", IsNumber: true), new("tuned less default", IsNumber: true),
                new($"tuned less {baseline}", IsNumber: true)],
            [.. losses.Select(one => (IReadOnlyList<TextCell>)
            [
                new(one.Loss.Label), Mean(one.Default, column.Format), Mean(one.Tuned, column.Format),
                one.Loss.Draw == 0 ? new("the same setting") : Difference(Own(one.Default, one.Tuned, column), column.Format),
                against.TryGetValue(one.Loss.Label, out var found) ? Difference(found, column.Format) : new(""),
            ])]);

        ResultCell Cell(string label) => table.Rows.FirstOrDefault(row => row.Loss == label)?.Cells[at] ?? ResultCell.Missing;
    }

    private static LossComparison Own(ResultCell before, ResultCell after, ResultColumn column) => ModeratedT.Compare(
        new ComparedColumn(Seeds(before), [Seeds(after)])
        {
            HigherIsBetter = column.HigherIsBetter,
            IsShare = true,
            IsPrimary = false,
        })[0];

    private static LossSeeds Seeds(ResultCell cell) => new(cell.Seeds ?? new Dictionary<int, double>(), cell.Collapsed);

    private static TextCell Mean(ResultCell cell, ValueFormat format)
    {
        if (cell.Known is not { } mean) return new TextCell(ValueFormat.Missing);
        var (half, range) = TextTable.Interval(cell, format);
        return new TextCell(format.Text(mean), half, [$"n = {cell.N}"]) { Range = range };
    }

    private static TextCell Difference(LossComparison one, ValueFormat format) => new(ComparisonWords.Line(one, format));
}

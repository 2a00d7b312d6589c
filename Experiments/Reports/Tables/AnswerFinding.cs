using Ablation.Experiments.Suites;
using Ablation.Harness.Statistics;

namespace Ablation.Experiments.Reports.Tables;

/// <summary>A loss of a primary column.</summary>
/// <param name="Comparison">With the baseline; null for the baseline itself.</param>
internal sealed record AnswerRow(string Name, string Loss, ResultCell Cell, LossComparison? Comparison);

/// <summary>What a primary column says, loss by loss.</summary>
/// <param name="Where">"LFW, Small, 56 px"; for a table of the suite the column's name.</param>
/// <param name="Rows">Trained losses, the best mean first; those without a mean last.</param>
/// <param name="Baseline">Its row; null if the table has none.</param>
internal sealed record AnswerFinding(string Where, ResultColumn Column, IReadOnlyList<AnswerRow> Rows, AnswerRow? Baseline)
{
    public ValueFormat Format => Column.Format;

    /// <summary>Whether a trained loss has a figure, or collapsed.</summary>
    public bool IsKnown => Rows.Any(row => row.Cell.Known is not null || row.Cell.Collapsed > 0);

    /// <summary>Returns the findings of every primary column; those that nobody has a figure of say so.</summary>
    public static IReadOnlyList<AnswerFinding> All(Summary summary) =>
    [
        .. (summary.Specified.Count > 0 ? summary.Specified : summary.Tables)
            .SelectMany(table => table.Primary.Select(column => Of(summary, table, column))),
    ];

    private static AnswerFinding Of(Summary summary, ResultTable table, int column)
    {
        var heading = table.Columns[column];
        var sign = heading.HigherIsBetter ? -1 : 1;
        var rows = table.Rows.Where(row => row.Loss != Labels.Untrained)
            .Select(row => new AnswerRow(row.Name, row.Loss, row.Cells[column], row.Cells[column].Comparison))
            .OrderBy(row => sign * (row.Cell.Known ?? double.PositiveInfinity * sign)).ToList();
        var condition = table.Condition is not null && summary.ConditionLabels.Count > 1 ? $", {table.ConditionLabel}" : "";
        return new AnswerFinding(summary.Specified.Count > 0 ? heading.Name + condition : table.Place, heading, rows,
            rows.FirstOrDefault(row => row.Loss == table.Baseline));
    }

    /// <summary>The two values: "Npt has 94.58 %, ArcFace 93.10 % (LFW, Small, 56 px; accuracy, 10-fold, grid)."</summary>
    public string Values(AnswerRow row) => $"{row.Name} has {Format.WithUnit(row.Cell.Known)}"
        + (Baseline is null || Baseline == row ? "" : $", {Baseline.Name} {Format.WithUnit(Baseline.Cell.Known)}")
        + $" ({Where}; {Figure()}).";

    /// <summary>"accuracy, 10-fold, grid"; the estimator alone where the place names the figure.</summary>
    public string Figure() => Where.StartsWith(Column.Name, StringComparison.Ordinal) ? Column.Estimator
        : $"{Column.Name}, {Column.Estimator}";

    /// <summary>The sentences on one loss: the difference and how sure it is, other people, what these seeds would have shown.</summary>
    public IEnumerable<string> Sure(AnswerRow row)
    {
        if (row.Comparison is not { } comparison || Baseline is null) yield break;
        yield return $"{row.Name} {ComparisonWords.Finding(comparison, Baseline.Name, Format)}.";
        if (comparison.People is { } people)
            yield return $"For other people than the {people.Persons:N0} of this test, the 95 % interval of the difference is " +
                $"{ComparisonWords.Ends(people.Interval, Format)}.";
        if (comparison.Verdict == Verdict.Open && comparison.SmallestFound is { } smallest)
            yield return $"{ComparisonWords.Seeds(comparison.N)} find a true difference of {Format.Text(smallest)}{Format.OfDifference} " +
                "in four of five repetitions, and smaller ones less often.";
        if (comparison.IsMarginInReach == false)
            yield return $"Equality within {Format.Exact(comparison.Margin)}{Format.OfDifference} cannot be shown with these seeds.";
    }
}

using Ablation.Experiments.Reports.Plots;
using Ablation.Experiments.Reports.Tables;
using Ablation.Harness.Statistics;

namespace Ablation.Experiments.Reports.Panels;

/// <summary>Prints the cells of one column of the page.</summary>
/// <param name="format">With the column's digits.</param>
/// <param name="scale">Null for a column without a forest.</param>
/// <param name="common">Seeds of most cells; another number is said in the cell.</param>
internal sealed class ResultValues(ValueFormat format, ForestScale? scale, int common)
{
    private static readonly ValueFormat Finer = ValueFormat.Percent;

    public ResultValue Of(ResultCell cell, bool isBaseline)
    {
        if (cell.Known is not { } mean)
            return new ResultValue(ValueFormat.Missing, "", "no finished trial has this figure") { Bar = Empty(isBaseline) };
        var comparison = cell.Comparison;
        return new ResultValue(format.Text(mean), Spread(cell), Exact(cell))
        {
            Value = mean,
            Mark = comparison is null ? "" : ComparisonWords.Mark(comparison),
            IsBetter = comparison?.IsBetter == true,
            Difference = scale is null ? "" : isBaseline ? "baseline" : Signed(comparison?.Difference),
            Bar = Bar(comparison, isBaseline),
            Remark = Remark(cell),
        };
    }

    public ResultValue Published(ResultCell cell) => cell.Published is not { } published ? new ResultValue("", "", "")
        : new ResultValue(ValueFormat.Percent.Text(published.Raw), "", published.Source) { Value = published.Raw };

    /// <summary>"± 2.6"; "0–11.9" where the two sides differ; empty for one value.</summary>
    private string Spread(ResultCell cell) => TextTable.Interval(cell, format) switch
    {
        (Half: { } half, _) => $"± {half}",
        (_, Range: { } range) => range.Replace(" to ", "–", StringComparison.Ordinal),
        _ => "",
    };

    private string Exact(ResultCell cell)
    {
        var exact = format.IsPercent ? Finer : format;
        var interval = cell.HalfWidth is { } half && double.IsFinite(half) ? $" ± {exact.Text(half)}" : "";
        var seeds = cell.Seeds is null ? "" : "; " + string.Join(", ", cell.Seeds.OrderBy(seed => seed.Key)
            .Select(seed => $"seed {seed.Key}: {exact.Text(seed.Value)}"));
        return $"{exact.Text(cell.Mean)}{interval}; sd {exact.Text(cell.Deviation)}, n = {cell.N}{seeds}";
    }

    private string Remark(ResultCell cell) => string.Join(", ", new[]
    {
        cell.N == common ? "" : $"n = {cell.N}", cell.Collapsed == 0 ? "" : $"{cell.Collapsed} collapsed",
    }.Where(part => part.Length > 0));

    private string Signed(double? difference) =>
        difference is null ? "" : PanelAxis.Number(format.Scale * difference.Value, format.Decimals, signed: true);

    private ForestBar? Bar(LossComparison? comparison, bool isBaseline)
    {
        if (scale is null) return null;
        if (comparison is null) return Empty(isBaseline);
        var words = ComparisonWords.Word(comparison, Finer);
        var text = comparison.Difference is null ? words : $"{Finer.Signed(comparison.Difference)} " +
            $"points{Ends(", 95 % interval ", comparison.Alone)}" +
            $"{Ends("; of all comparisons together ", comparison.Simultaneous)}{(words.Length > 0 ? $"; {words}" : "")}";
        return new ForestBar(text, comparison.Difference is { } difference ? scale.At(difference) : null, scale.Cut(comparison.Alone),
            scale.Cut(comparison.Simultaneous), comparison.IsDecided);
    }

    private ForestBar? Empty(bool isBaseline) => scale is null ? null
        : new ForestBar(isBaseline ? "baseline" : ValueFormat.Missing, isBaseline ? scale.At(0) : null, null, null, isBaseline);

    private static string Ends(string what, Bounds? bounds) =>
        bounds is { } known ? $"{what}{Finer.Signed(known.Low)} to {Finer.Signed(known.High)}" : "";
}

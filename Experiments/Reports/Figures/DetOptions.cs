using System.ComponentModel;
using Ablation.Experiments.Reports.Plots;
using Ablation.Experiments.Reports.Tables;

namespace Ablation.Experiments.Reports.Figures;

/// <summary>DET of each condition and test of pairs.</summary>
[Description("false reject rate over false accept rate of a test of pairs, on normal-deviate axes")]
public sealed record DetOptions : TableFigure
{
    /// <inheritdoc/>
    protected override IEnumerable<Block> Draw(Summary summary, ResultTable table, string folder)
    {
        if (!PairCurves.Has(summary, table.Test)) yield break;
        var curves = summary.Rows.Select(row => DetPlot.Mean(row, PairCurves.PerSeed(summary, table, row))).ToList();
        var title = $"{Place(summary, table)}: false rejects against false accepts, where both are rare";
        using var drawing = DetPlot.Draw(title, curves, summary.Rows);
        yield return Save(summary, drawing, folder, Name("det", table), title,
            $"{table.Test}: FRR over FAR on normal-deviate axes, mean over seeds; bands reach from the lowest to the highest seed. " +
            "A curve ends where its pairs cannot measure the rate: below one pair in all. On the diagonal both rates are equal.");
    }
}

using System.ComponentModel;
using Ablation.Experiments.Reports.Panels;
using Ablation.Experiments.Reports.Plots;
using Ablation.Experiments.Reports.Tables;
using Ablation.Experiments.Suites;

namespace Ablation.Experiments.Reports.Figures;

/// <summary>Cosines of genuine and of impostor pairs, for each condition and test of pairs.</summary>
[Description("distributions of the cosines of genuine and impostor pairs: one panel per loss")]
public sealed record ScoreDistributionsOptions : MetricFigure
{
    private const int Bins = 100;

    [Description("labels of the losses shown; by default the baseline and the best other loss by the metric")]
    public IReadOnlyList<string>? Losses { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<string> Problems(Suite suite)
    {
        string[] known = [.. suite.Untrained ? [Labels.Untrained] : Array.Empty<string>(), .. Labels.Of(suite.Losses)];
        foreach (var loss in (Losses ?? []).Except(known))
            yield return $"\"{loss}\" is none of the losses; known: {string.Join(", ", known)}";
    }

    /// <inheritdoc/>
    protected override IEnumerable<Block> Draw(Summary summary, ResultTable table, string folder)
    {
        if (!PairCurves.Has(summary, table.Test)) yield break;
        var shown = Losses ?? BaselineAndBest(summary, table);
        var panels = shown.Select(loss =>
        {
            var seeds = PairCurves.Scores(summary, table, loss).ToList();
            var style = PlotStyle.ForLoss(loss, summary.Rows);
            return new HistogramPanel(loss,
            [
                new Histogram("impostor", PlotStyle.Faint, Histogram.EqualBins(-1, 1, Bins),
                    seeds.ConvertAll(seed => Cosines(seed.SquaredDistance, seed.Same, same: false))),
                new Histogram("genuine", style.Color, Histogram.EqualBins(-1, 1, Bins),
                    seeds.ConvertAll(seed => Cosines(seed.SquaredDistance, seed.Same, same: true))),
            ]);
        }).ToList();
        using var drawing = HistogramPlot.Draw(panels, "cosine");
        var title = $"{Place(summary, table)}: how far the cosines of genuine and impostor pairs overlap{Of(shown)}";
        yield return Save(summary, drawing, folder, Name($"scores{Suffix()}{(Losses is null ? "" : $"-{string.Join('-', Losses)}")}",
            table), title,
            $"{table.Test}: density of the cosines of genuine and impostor pairs, mean over seeds, in bins of 0.02; " +
            $"{(Losses is null ? "the baseline and the best other loss" : string.Join(", ", shown))}.") with
        {
            Kind = FigureKind.Scores,
            Panel = DensityPanels.Build(Place(summary, table), Histogram.EqualBins(-1, 1, Bins),
                [.. panels.Zip(shown, (panel, loss) => (loss, panel.Histograms[0].Density(), panel.Histograms[1].Density()))]),
        };
    }

    /// <summary>Tells figures of chosen losses apart.</summary>
    private string Of(IReadOnlyList<string> shown) => Losses is null ? Suffix().Replace("-", ", ", StringComparison.Ordinal)
        : $": {string.Join(", ", shown)}";

    private List<string> BaselineAndBest(Summary summary, ResultTable table)
    {
        var baseline = summary.Suite.BaselineLabel();
        if (Column(table) is not { } at) return [baseline];
        var sign = table.Columns[at].HigherIsBetter ? -1 : 1;
        var best = table.Rows.Where(row => row.Name != baseline && row.Name != Labels.Untrained && row.Cells[at].Known is not null)
            .OrderBy(row => sign * row.Cells[at].Known).Take(1).Select(row => row.Name);
        return [baseline, .. best];
    }

    /// <summary>Returns the cosine 1 - d / 2 of the squared distance d = 2 - 2 cos.</summary>
    private static double[] Cosines(float[] squaredDistance, bool[] isSame, bool same) =>
        [.. Enumerable.Range(0, isSame.Length).Where(i => isSame[i] == same).Select(i => 1 - squaredDistance[i] / 2.0)];
}

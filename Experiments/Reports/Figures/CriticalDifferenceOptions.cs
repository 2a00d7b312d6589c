using System.ComponentModel;
using Ablation.Experiments.Reports.Plots;
using Ablation.Experiments.Reports.Tables;

namespace Ablation.Experiments.Reports.Figures;

/// <summary>Mean ranks of the losses over all conditions and tests; a bar joins those that Nemenyi's test does not distinguish.</summary>
[Description("mean ranks of losses over conditions and tests (Friedman, Nemenyi); needs at least two blocks")]
public sealed record CriticalDifferenceOptions : DrawnFigure
{
    [Description("metric that ranks; accuracy by default")]
    public string Metric { get; init; } = "accuracy";

    [Description("estimator of the metric")]
    public string Estimator { get; init; } = "10-fold, grid";

    /// <inheritdoc/>
    public override IEnumerable<Block> OfSuite(Summary summary, string folder)
    {
        if (RankedLosses.Rank(summary, Metric, Estimator) is not { } ranked)
        {
            var known = summary.Trials.SelectMany(trial => trial.Metrics).Select(metric => $"{metric.Name} ({metric.Estimator})").Distinct()
                .ToList();
            yield return new Note(
                $"figure CriticalDifference: {Metric} ({Estimator}) has no two conditions or tests in which every loss has a value; known: "
                    +
                $"{(known.Count == 0 ? "none yet" : string.Join(", ", known))}");
            yield break;
        }

        var losses = ranked.Losses.Zip(ranked.Ranks.MeanRanks).ToList();
        var title = $"Mean ranks of the losses in {Metric} ({Estimator}) over {ranked.Ranks.Blocks} conditions x tests";
        using var drawing = CriticalDifferencePlot.Draw(title, losses, ranked.Difference.Distance,
            ranked.Difference.Groups, summary.Rows);
        var p = PowerTable.P(ranked.Ranks.ChiSquareP);
        yield return Save(summary, drawing, folder, $"critical-difference-{Metric}-{Estimator}", title,
            $"Mean ranks in {Metric} ({Estimator}) over {ranked.Ranks.Blocks} conditions x tests, the best at the left; a bar joins " +
            $"losses that Nemenyi's test does not distinguish at 0.05. Friedman's test: p = {p}. Blocks that share a training set or a " +
            $"test are not independent; read it as a summary.");
    }
}

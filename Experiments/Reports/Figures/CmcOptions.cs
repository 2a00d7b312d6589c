using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Ablation.Experiments.Reports.Panels;
using Ablation.Experiments.Reports.Plots;
using Ablation.Experiments.Reports.Tables;
using Ablation.Harness.Metrics;

namespace Ablation.Experiments.Reports.Figures;

/// <summary>CMC of each condition and test of identification.</summary>
[Description("cumulative match characteristic of a test of identification: share found within the first k")]
public sealed record CmcOptions : TableFigure
{
    [Description("largest rank shown")]
    [Range(2, 1000)]
    public int Ranks { get; init; } = 50;

    [Description("number of distractors, one of the test's; the largest by default")]
    [Range(0, int.MaxValue)]
    public int? Distractors { get; init; }

    /// <inheritdoc/>
    protected override IEnumerable<Block> Draw(Summary summary, ResultTable table, string folder)
    {
        var scores = summary.Rows.ToDictionary(row => row, row => summary.TrialsOf(table, row).SelectMany(trial => trial.Scores)
            .Where(part => part.Test == table.Test).Select(part => part.Read()).OfType<IdentificationScores>().ToList());
        if (scores.Values.SelectMany(found => found).FirstOrDefault() is not { } any) yield break;
        if (Distractors is { } wanted && !any.Distractors.Contains(wanted))
        {
            yield return new Note(
                $"figure Cmc: {table.Test} has no level of {wanted} distractors; known: " +
                $"{(any.Distractors.Length == 0 ? "none" : string.Join(", ", any.Distractors))}");
            yield break;
        }

        var level = Distractors is { } chosen ? Array.IndexOf(any.Distractors, chosen) : any.Levels - 1;
        var gallery = any.Distractors.Length == 0 ? "" : $", {any.Distractors[level]} distractors";
        // equal for all scores of one test, except those stored without the gallery's size
        var limit = scores.Values.SelectMany(found => found).Min(score => RankLimit.Largest(score, level));
        var most = Math.Max(1, Math.Min(Ranks, limit));
        var curves = summary.Rows.Select(row =>
            CmcPlot.Mean(row, most, [.. scores[row].Select(score => score.Cmc(level, most)).OfType<double[]>()])).ToList();
        var (emphasis, place) = (Emphasis.Of(summary.Suite), Place(summary, table) + gallery);
        var title = CurveTitle.Of(place, curves, 1, emphasis, "{0} finds {1} % of the probes' mates at rank 1",
            "share found within a rank");
        using var drawing = CmcPlot.Draw(title, curves, summary.Rows, emphasis);
        yield return Save(summary, drawing, folder, Name($"cmc{Ranks}{(Distractors is null ? "" : $"-{Distractors}")}", table), title,
            $"{table.Test}{gallery}: share of probes whose mate is within the first k of the gallery, mean over seeds; bands reach from " +
            $"the lowest to the highest seed." +
            (most < Ranks
                ? $" The curves end at rank {most}: beyond it the gallery of {RankLimit.Entries(any, level)} has no entry that could " +
                    $"rank before the mate." : "")) with
        {
            Place = place,
            Kind = FigureKind.Curves,
            Panel = CurvesPanel.Build($"{place}: share of probes found within a rank, mean over seeds", CurveView.Rank(most), curves,
                emphasis),
        };
    }
}

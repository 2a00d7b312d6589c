using System.ComponentModel;
using Ablation.Experiments.Reports.Panels;
using Ablation.Experiments.Reports.Plots;
using Ablation.Experiments.Reports.Tables;
using Ablation.Harness.Metrics;

namespace Ablation.Experiments.Reports.Figures;

/// <summary>ROC of each condition and test of pairs.</summary>
[Description("true accept rate over false accept rate of a test of pairs: one line per loss")]
public sealed record RocOptions : TableFigure
{
    /// <inheritdoc/>
    protected override IEnumerable<Block> Draw(Summary summary, ResultTable table, string folder)
    {
        if (!PairCurves.Has(summary, table.Test)) yield break;
        var curves = summary.Rows.Select(row => RocPlot.Mean(row, PairCurves.PerSeed(summary, table, row))).ToList();
        var (emphasis, view, place) = (Emphasis.Of(summary.Suite), CurveView.Far(curves), Place(summary, table));
        var title = CurveTitle.Of(place, curves, view.To, emphasis,
            $"at FAR {CurveView.Percent(view.To)} {{0}} accepts {{1}} % of the genuine pairs", "TAR over FAR");
        using var drawing = RocPlot.Draw(title, curves, summary.Rows, view, emphasis);
        yield return Save(summary, drawing, folder, Name("roc", table), title,
            $"{table.Test}: TAR (conservative) over FAR, mean over seeds; bands reach from the lowest to the highest seed.") with
        {
            Place = place,
            Kind = FigureKind.Curves,
            Panel = CurvesPanel.Build($"{place}: TAR over FAR, mean over seeds", view, curves, emphasis),
            Differences = SmallPanels.Differences($"TAR on {place}", view.UpToHalf(), curves, emphasis.Baseline),
        };
    }
}

/// <summary>Builds curves from a table's trials.</summary>
internal static class PairCurves
{
    /// <summary>Whether the test has pairs; other tests have no curve.</summary>
    public static bool Has(Summary summary, string test) =>
        summary.Trials.Any(trial => trial.Scores.Any(part => part.Test == test && part.Kind == typeof(PairScores)));

    /// <summary>Returns one curve per seed that has scores.</summary>
    public static IReadOnlyList<RocCurve> PerSeed(Summary summary, ResultTable table, string row) =>
        [.. Scores(summary, table, row).Select(RocCurve.Build).OfType<RocCurve>()];

    public static IEnumerable<PairScores> Scores(Summary summary, ResultTable table, string row) =>
        summary.TrialsOf(table, row).SelectMany(trial => trial.Scores).Where(part => part.Test == table.Test)
        .Select(part => part.Read()).OfType<PairScores>();
}

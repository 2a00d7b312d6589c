using System.ComponentModel;
using System.Reflection;
using Ablation.Experiments.Reports.Panels;
using Ablation.Experiments.Reports.Plots;
using Ablation.Experiments.Reports.Tables;
using Ablation.Experiments.Suites;
using Ablation.Losses;
using Ablation.Losses.Options;

namespace Ablation.Experiments.Reports.Figures;

/// <summary>Training loss of each condition, a panel for each family of losses.</summary>
[Description("training loss over the epochs of each condition: one panel per family of losses")]
public sealed record TrainingCurvesOptions : DrawnFigure
{
    /// <inheritdoc/>
    public override IEnumerable<Block> OfCondition(Summary summary, Condition condition, string folder)
    {
        var rows = summary.Rows
            .Select(row => (Trials: summary.TrialsOf(condition, row).Where(trial => trial.History.Count > 0).ToList(), Row: row))
            .Where(row => row.Trials.Count > 0)
            .Select(row => (Family: Family(row.Trials[0].Plan.Spec.Loss), Curve: Curve(row.Row, row.Trials))).ToList();
        if (rows.Count == 0) yield break;
        var panels = rows.GroupBy(row => row.Family).Select(family => new TrainingPanel(family.Key, [.. family.Select(row => row.Curve)]));
        using var drawing = TrainingCurves.Draw([.. panels], summary.Rows, "epoch");
        var place = summary.ConditionLabels.Count > 1 ? $"{summary.ConditionLabels[condition]}: " : "";
        yield return Save(summary, drawing, folder, $"training-{summary.ConditionLabels[condition]}",
            $"{place}training loss over the epochs",
            "Training loss (mean since the previous log point), mean over seeds; bands reach from the lowest to the highest seed. " +
            "Losses of different families have different scales.") with
        {
            Kind = FigureKind.Training,
            Panel = SmallPanels.Logarithmic("training loss", [.. rows.Select(row => row.Curve)],
                "Each on its own logarithmic axis: losses of different families cannot be compared by height. Left the first log point, " +
                "right, bold, the last; bands reach from the lowest to the highest seed."),
        };
    }

    private static Series Curve(string row, List<StoredTrial> trials)
    {
        var longest = trials.MaxBy(trial => trial.History.Count)!.History;
        var seeds = trials.Select(trial =>
            longest.Epochs.Select((_, i) => i < trial.History.Count ? trial.History.Losses[i] : double.NaN).ToArray()).ToList();
        return Series.OverSeeds(row, longest.Epochs, seeds);
    }

    /// <summary>Losses whose values share a scale name the same category.</summary>
    private static string Family(LossOptions loss) =>
        loss.GetType().GetCustomAttribute<CategoryAttribute>()?.Category ?? Catalog.NameOf(loss);
}

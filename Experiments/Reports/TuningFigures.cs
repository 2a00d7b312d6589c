using Ablation.Experiments.Reports.Figures;
using Ablation.Experiments.Reports.Plots;
using Ablation.Experiments.Reports.Tables;
using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Experiments.Tuning;
using Ablation.Harness.Training.Checkpoints;

namespace Ablation.Experiments.Reports;

/// <summary>Draws the plots of a search.</summary>
internal static class TuningFigures
{
    /// <summary>Draws the validation figure of every draw, one panel per loss.</summary>
    /// <param name="order">Gives each loss its style.</param>
    public static Figure Validation(TuningState state, TuningChoice choice, IReadOnlyList<string> order, string folder)
    {
        var panels = state.Plan.Losses.Select((loss, i) => new SearchPanel(loss.Label, choice.For(loss.Label)?.Draw ?? 0,
            [.. Enumerable.Range(0, state.Rounds.Count).Select(round => state.Values(round, i))])).ToList();
        using var drawing = SearchPlot.Draw(panels, order, TuningSection.Name(choice.Metric), ValueFormat.Percent);
        var rounds = state.Rounds.Count == 1 ? "" : " Paler marks are of earlier rounds, which are shorter.";
        return DrawnFigure.Save(null, drawing, folder, "tuning-validation",
            $"{TuningSection.Name(choice.Metric)} of every configuration searched",
            $"Validation figure of every configuration by its draw; draw 0 is the suite's own setting, the ring marks what was " +
            $"chosen.{rounds} One that diverged or failed has no mark.");
    }

    /// <summary>Draws the training loss of every tuning trial, one panel per loss; null if no trial has a history.</summary>
    public static Figure? Training(TuningState state, TuningChoice choice, IReadOnlyList<string> order, string folder, ResultStore store)
    {
        var panels = state.Plan.Losses.Select((loss, i) => new TrialCurvesPanel(loss.Label,
        [
            .. state.Trials.Where(trial => trial.Loss == i && trial.Result is not null)
                .Select(trial => (trial.Draw, History: History(store, trial))).Where(trial => trial.History.Count > 0)
                .Select(trial =>
                    new TrialCurve([.. trial.History.Select(point => point.Epoch)], [.. trial.History.Select(point => point.Loss)],
                        trial.Draw == choice.For(loss.Label)?.Draw)),
        ])).Where(panel => panel.Curves.Count > 0).ToList();
        if (panels.Count == 0) return null;
        using var drawing = SearchCurves.Draw(panels, order);
        return DrawnFigure.Save(null, drawing, folder, "tuning-training", "training loss of every configuration searched",
            "Training loss of every tuning trial; the thick lines are of the configuration that was chosen. A margin or scale changes " +
            "what the loss means: a lower curve is not a better one.");
    }

    /// <summary>Returns the history; empty if the file is damaged. Only the curve is then missing, since the trial's figure does not depend
    /// on it.</summary>
    private static IReadOnlyList<HistoryPoint> History(ResultStore store, TuningTrial trial)
    {
        try
        {
            return store.LoadHistory(trial.Result!);
        }
        catch (InvalidDataException)
        {
            return [];
        }
    }
}

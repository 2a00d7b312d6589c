using Ablation.Experiments.Reports.Tables;
using Ablation.Experiments.Tuning;
using CsvHelper;

namespace Ablation.Experiments.Reports;

/// <summary>Writes every trial of a search as CSV, one line per training; raw numbers, "n/a" for a missing one.</summary>
public static class TuningCsv
{
    private static readonly string[] Columns = ["loss", "draw", "round", "epochs", "seed", "state", "validation", "final_loss", "options",
        "trial"];

    /// <summary>Orders lines by round and then as planned. <c>options</c> is empty for the suite's setting, draw 0.</summary>
    public static string Write(TuningState state)
    {
        using var text = new StringWriter();
        using (var csv = CsvWriter.Create(text, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true))
        {
            csv.WriteHeader(Columns);
            for (var round = 0; round < state.Rounds.Count; round++)
            {
                foreach (var trial in state.Rounds[round]) csv.WriteRecord(Cells(state.Plan, trial, round));
            }
        }

        return text.ToString();
    }

    private static string[] Cells(TuningPlan plan, TuningTrial trial, int round)
    {
        var loss = plan.Losses[trial.Loss];
        return
        [
            loss.Label, Text(trial.Draw), Text(round + 1), Text(trial.Plan.Spec.Training.Epochs), Text(trial.Plan.Spec.Seed),
            trial.Result?.Ending()
                ?? (trial.Damage is not null ? "damaged" : trial.Failure is null ? "not run" : "failed"),
                Raw(trial.Value(plan.Tune.Metric)), Raw(trial.Result?.FinalLoss),
            string.Join("; ", loss.Configurations[trial.Draw].Values.Select(value => $"{value.Key} {value.Value}")), trial.Id,
        ];
    }

    private static string Text(int number) => number.ToString();

    private static string Raw(double? value) => value is { } number && double.IsFinite(number) ? number.ToString("R") : ValueFormat.Missing;
}

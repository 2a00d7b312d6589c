using Ablation.Experiments.Reports.Tables;
using Ablation.Harness.Training;

namespace Ablation.Experiments.Reports;

/// <summary>Says how the trials of a suite ended, and what was unusual about single ones.</summary>
internal static class TrialSection
{
    /// <summary>Counts the trials by state.</summary>
    public static string State(Summary summary)
    {
        var trials = summary.Distinct;
        var done = trials.Count(trial => trial.Result?.Status == TrialStatus.Done);
        var diverged = trials.Count(trial => trial.Result?.Status == TrialStatus.Diverged);
        var atChance = trials.Count(trial => trial.Result?.Status == TrialStatus.AtChance);
        var failed = trials.Count(trial => trial.Failure is not null);
        var damaged = trials.Count(trial => trial.IsDamaged);
        var missing = trials.Count - done - diverged - atChance - failed - damaged;
        var leftOut = summary.LeftOut.Count > 0 ? $" ({summary.LeftOut.Count} of them: no time)" : "";
        var text = $"{trials.Count} trials: {done} done, {diverged} diverged, " +
            $"{(atChance > 0 ? $"{atChance} at chance, " : "")}{failed} failed, " +
            $"{(damaged > 0 ? $"{damaged} damaged, " : "")}{missing} not run{leftOut}. ";
        return text + (summary.PairingProblems().Count > 0
            ? "" : $"Paired seeds: in all {PairedGroups(summary)} groups of one condition and seed the trials started from the same " +
                "weights, " +
                $"the same proxies and the same first batch (hashes compared).");
    }

    /// <summary>Groups of one condition and seed with more than one result.</summary>
    public static int PairedGroups(Summary summary) => summary.Distinct.Where(trial => trial.Result is not null)
        .GroupBy(trial => (trial.Plan.Condition, trial.Plan.Spec.Seed)).Count(group => group.Count() > 1);

    /// <summary>One square per trial, the failed ones first.</summary>
    public static TrialSquares Squares(Summary summary) => new([.. summary.Distinct
        .Select(trial => ($"{trial.Plan.Label} seed {trial.Plan.Spec.Seed}", State: TrialTable.State(trial).Split(" at step")[0]))
        .OrderBy(trial => trial.State == "done")]);

    /// <summary>Returns a note for each trial that was unlike the others.</summary>
    public static IEnumerable<Block> Notes(Summary summary)
    {
        foreach (var trial in summary.Distinct.Where(trial => trial.Result?.Stopped is not null))
            yield return new Note(
                $"{trial.Plan.Label}, seed {trial.Plan.Spec.Seed}: {trial.Result!.Ending()}: {trial.Result.Stopped!.Rule}; the loss was " +
                $"{trial.Result.Stopped.Value:g4}");

        foreach (var trial in summary.Distinct.Where(trial => trial.Result?.Split > 1))
            yield return new Note(
                $"{trial.Plan.Label}, seed {trial.Plan.Spec.Seed}: trained in {trial.Result!.Split} pieces after out of memory: batch " +
                $"statistics over a piece");

        foreach (var trial in summary.Distinct.Where(trial => trial.Result?.Provenance.BegunAnew is not null))
            yield return new Note($"{trial.Plan.Label}, seed {trial.Plan.Spec.Seed}: started over, {trial.Result!.Provenance.BegunAnew}");

        foreach (var trial in summary.Distinct.Where(trial => trial.Result?.BadImages > 0))
        {
            yield return new Note($"{trial.Plan.Label}, seed {trial.Plan.Spec.Seed}: {trial.Result!.BadImages} of " +
                $"{trial.Result.Provenance.TrainingImages} training images could not be read and were left out");
        }

        foreach (var note in DataNotes.Blocks(summary)) yield return note;

        foreach (var trial in summary.Distinct.Where(trial => trial.Result?.WaitedShare >= Harness.TrialResult.NotableWait))
            yield return new Note(
                $"{trial.Plan.Label}, seed {trial.Plan.Spec.Seed}: the loop waited for images {100 * trial.Result!.WaitedShare:F0} % of " +
                $"the training");
    }
}

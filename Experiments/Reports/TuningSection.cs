using Ablation.Experiments.Reports.Tables;
using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Experiments.Tuning;

namespace Ablation.Experiments.Reports;

/// <summary>
/// Reports a suite's tuning: default beside tuned, the budget and choice of each loss, and every tuning trial's curve.
/// Reads only the store.
/// </summary>
internal static class TuningSection
{
    /// <summary>Returns the section; empty if the suite does not tune.</summary>
    /// <param name="folder">Gets tuning.csv and the plots.</param>
    public static IEnumerable<Block> Build(Summary summary, ResultStore store, HeldFiles held, string folder)
    {
        if (summary.Suite.Tune is null) return [];
        var state = TuningState.Read(TuningPlan.Build(summary.Suite), TuningPlan.StoreOf(store));
        held.Try(() => AtomicFile.Write(Path.Combine(folder, "tuning.csv"), TuningCsv.Write(state)));
        return [new Heading(2, "Tuning"), new Paragraph(How(state.Plan)), .. summary.Suite.Tuned is { } choice
            ? Chosen(summary, choice, state, store, folder) : [new Paragraph(Open(state))]];
    }

    private static IEnumerable<Block> Chosen(Summary summary, TuningChoice choice, TuningState state, ResultStore store,
        string folder)
    {
        foreach (var trial in state.Trials.Where(trial => trial.Damage is not null))
            yield return new Note(
                $"DAMAGED: {trial.Plan.Label}, seed {trial.Plan.Spec.Seed}: " +
                $"{UnfinishedTrials.Below(store, trial.Damage!)}");
        if (!IsReproduced(state, choice))
            yield return new Note(
                $"NOT REPRODUCED: the stored tuning trials do not give what tuning/{TuningChoice.FileName} says. Delete that file, and " +
                $"the next run chooses again from them; or delete the folder tuning to tune again.");
        if (choice.Losses.Select(loss => (loss.Budget.Trainings, loss.Budget.Epochs)).Distinct().Count() > 1)
            yield return new Note("NOT THE SAME BUDGET: the losses were given different numbers of trainings or epochs.");
        foreach (var line in choice.Incomplete())
            yield return new Note(
                $"{line}. Delete tuning/{TuningChoice.FileName}, and the next run tries again what failed and chooses anew.");
        foreach (var table in summary.Tables.Where(table => table.Headline is not null))
            yield return new TableBlock(TuningComparison.Build(summary, choice, table));
        foreach (var table in summary.Tables.Where(table => table.Headline is not null))
            if (TuningOracle.Build(state, choice, table) is { } oracle) yield return new TableBlock(oracle);
        yield return new TableBlock(Budgets(choice));
        if (TuningRounds.Build(state) is { } rounds) yield return new TableBlock(rounds);
        foreach (var block in TuningEase.Build(state, summary.Rows, folder)) yield return block;
        yield return TuningFigures.Validation(state, choice, summary.Rows, folder);
        if (TuningFigures.Training(state, choice, summary.Rows, folder, TuningPlan.StoreOf(store)) is { } training)
            yield return training;
    }

    /// <summary>Returns what makes the choice unfit to publish; empty if the suite does not tune.</summary>
    public static IEnumerable<string> Problems(Summary summary, ResultStore store)
    {
        if (summary.Suite.Tune is null) yield break;
        var tuning = TuningPlan.StoreOf(store);
        var state = TuningState.Read(TuningPlan.Build(summary.Suite), tuning);
        foreach (var trial in DamagedTrials.Find([.. state.Trials.Select(trial => trial.Plan)], tuning))
            yield return $"damaged: tuning: {trial.Plan.Label}, seed {trial.Plan.Spec.Seed}: {trial.What}";
        if (summary.Suite.Tuned is not { } choice)
        {
            yield return "not tuned: no choice is stored; ablation run makes it from the tuning trials, and trains what it chooses";
            yield break;
        }

        if (!IsReproduced(state, choice))
            yield return $"not reproduced: the stored tuning trials do not give what tuning/{TuningChoice.FileName} says";
        foreach (var line in choice.Incomplete()) yield return line;
    }

    private static bool IsReproduced(TuningState state, TuningChoice choice)
    {
        try
        {
            return state.IsThrough && TuningDecision.Make(state).Write() == choice.Write();
        }
        catch (SuiteException)
        {
            return false; // they allow no choice
        }
    }

    private static string How(TuningPlan plan)
    {
        var (tune, rungs) = (plan.Tune,
            string.Join(", then ", plan.Rungs.Select(rung => $"{rung.Configurations} for {Count(rung.Epochs, "epoch")}")));
        var method = tune.Method == TuneMethod.Random ? "Random search" : "Successive halving (the synchronous form of ASHA)";
        return $"{method}: of each loss {rungs}, the suite's own setting being draw 0, each with {Count(tune.Seeds.Count, "seed")} " +
            $"({string.Join(", ", tune.Seeds)}). " +
            $"They were trained on the training set without {tune.ValidationShare * 100:0.##} % of its identities and ranked by " +
            $"{Name(tune.Metric)} on {tune.Pairs} pairs of the identities held out. " +
            $"No test of the suite was read for choosing. The chosen settings were then trained with the suite's seeds " +
            $"({string.Join(", ", plan.SuiteSeeds)}) on the whole training set and tested once. Each tuning trial is in tuning.csv and " +
            $"tuning/trials/ID.";
    }

    private static string Open(TuningState state) =>
        $"Tuning is not through, and nothing is chosen: {state.Trials.Count(trial => trial.IsSettled)} of the " +
        $"{state.Trials.Count()} trials known so far have ended, in round {state.Rounds.Count} of {state.Plan.Rungs.Count}.";

    private static TextTable Budgets(TuningChoice choice) =>
        TextTable.Plain($"What each loss was given, and what was chosen by {Name(choice.Metric)} on the validation pairs.",
        ["loss", "configurations", "trainings", "epochs", "images", "of them shown", "without a figure", "own setting (%)", "chosen (%)",
            "draw", "chosen options"],
        choice.Losses.Select(loss => (IReadOnlyList<string>)
        [
            loss.Label, Text(loss.Budget.Configurations), Text(loss.Budget.Trainings), Text(loss.Budget.Epochs),
                loss.Budget.ImagePasses is { } images ? Text(images) : ValueFormat.Missing,
            Text(loss.Budget.ImagePassesDone), Text(loss.Budget.WithoutFigure),
            ValueFormat.Percent.Text(loss.DefaultValidation)
                + (loss.DefaultEpochs < loss.Training.Epochs ? $" ({Count(loss.DefaultEpochs, "epoch")})" : ""),
                ValueFormat.Percent.Text(loss.Validation),
            Text(loss.Draw), loss.Draw == 0
                ? "the suite's own" : string.Join(", ", loss.Values.Select(value => $"{value.Key} {value.Value}")),
        ]));

    /// <summary>Names a validation figure.</summary>
    public static string Name(TuneMetric metric) => metric == TuneMetric.Auc ? "AUC" : "accuracy (10-fold, exact)";

    private static string Text(long number) => number.ToString();

    /// <summary>"1 epoch", "3 epochs".</summary>
    public static string Count(int number, string noun) => $"{number} {noun}{(number == 1 ? "" : "s")}";
}

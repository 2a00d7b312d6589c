using System.Text.Json;
using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Harness.Provenance;
using Ablation.Harness.Training;
using Ablation.Losses;

namespace Ablation.Experiments.Tuning;

/// <summary>What a search gave one loss. Planned figures are the same for every loss.</summary>
/// <param name="Configurations">Tried.</param>
/// <param name="Trainings">Planned, of all rounds and seeds.</param>
/// <param name="Epochs">Of all trainings.</param>
/// <param name="ImagePasses">Images that they show, planned; null where no result tells how many an epoch has.</param>
/// <param name="ImagePassesDone">Images of the optimiser steps that were taken: fewer where a training diverged or failed, or leaves out an
/// epoch's last part of a batch.</param>
/// <param name="WithoutFigure">Trainings that diverged or learnt nothing, which are results, or failed; they used up the budget.</param>
/// <param name="Failed">Those of them that failed.</param>
/// <param name="NotJudged">Draws that a training failed of, so that nothing can be said of them: the choice is made among the others, and
/// is not complete.</param>
public sealed record TuningBudget(int Configurations, int Trainings, long Epochs, long? ImagePasses, long ImagePassesDone,
    int WithoutFigure, int Failed = 0, IReadOnlyList<int>? NotJudged = null);

/// <summary>What was chosen for one loss.</summary>
/// <param name="Draw">Its number; 0 is the suite's own setting.</param>
/// <param name="Values">What was drawn, by key; empty for draw 0.</param>
/// <param name="Validation">Its figure in the last round, 0 .. 1; null where every training of the last round diverged or learnt nothing,
/// and the suite's own setting is kept.</param>
/// <param name="DefaultValidation">The figure of the suite's own setting in the last round that it was in.</param>
/// <param name="DefaultEpochs">Epochs of that round.</param>
/// <param name="Trials">Ids of all its tuning trials.</param>
public sealed record TunedLoss(string Label, int Draw, IReadOnlyDictionary<string, string> Values, LossOptions Loss,
    TrainingOptions Training,
    double? Validation, double? DefaultValidation, int DefaultEpochs, TuningBudget Budget, IReadOnlyList<string> Trials);

/// <summary><c>tuning/choice.json</c>: made once, from the results of the tuning trials alone, and kept.</summary>
/// <param name="Design">See <see cref="TuningPlan.Design"/>.</param>
/// <param name="Data">What the tuning trials saw: the side of the training set that they trained on and the validation pairs; null where no
/// result tells.</param>
public sealed record TuningChoice(string Design, TuneMethod Method, TuneMetric Metric, DataFingerprint? Data,
    IReadOnlyList<TunedLoss> Losses)
{
    public const string FileName = "choice.json";

    /// <summary>The choice of a search that is through.</summary>
    /// <exception cref="SuiteException">A loss has no result at all, or trials saw other data than others.</exception>
    public static TuningChoice For(TuningState state)
    {
        var plan = state.Plan;
        var data = state.Trials.Select(trial => trial.Result?.Provenance.Data).OfType<DataFingerprint>().Distinct().ToList();
        if (data.Count > 1)
            throw new SuiteException("tune: the tuning trials did not all see the same data; delete the folder tuning to tune again");
        return new TuningChoice(plan.Design(), plan.Tune.Method, plan.Tune.Metric, data.FirstOrDefault(),
            [.. plan.Losses.Select((_, loss) => For(state, loss))]);
    }

    public TunedLoss? For(string label) => Losses.FirstOrDefault(loss => loss.Label == label);

    public string Write() => SpecJson.Write(this) + "\n";

    /// <summary>Writes <c>choice.json</c> under a checksum.</summary>
    /// <param name="store">Of the tuning trials.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Save(ResultStore store) => AtomicFile.Write(Path.Combine(store.Folder, FileName), Seal.Close(SpecJson.Write(this)));

    /// <summary>The suite with what was chosen for it; as it is where it does not tune, or nothing is chosen yet.</summary>
    /// <param name="store">Of the suite.</param>
    /// <exception cref="SuiteException">The choice was made for another search.</exception>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static Suite Applied(Suite suite, ResultStore store)
    {
        var folder = TuningPlan.StoreOf(store).Folder;
        var path = Path.Combine(folder, FileName);
        if (suite.Tune is null || !File.Exists(path)) return suite;
        TuningChoice choice;
        try
        {
            choice = SpecJson.Read<TuningChoice>(Seal.Open(File.ReadAllBytes(path)).Json);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or InvalidDataException)
        {
            throw new InvalidDataException(
                $"{(e is InvalidDataException ? $"{path}: {e.Message}" : ReaderError.Tell(path, e))}; no choice of this version: delete " +
                $"the file, and the next run makes it again from the tuning trials", e);
        }

        return choice.Design == TuningPlan.Build(suite).Design() ? suite with { Tuned = choice }
            : throw new SuiteException(
                $"{path}: chosen for another search: the tune block has changed since, or the losses, network, resolution, training or " +
                $"data that it searches; delete {folder} to tune again, or take the change back");
    }

    /// <summary>Whether the training set is still that of the choice.</summary>
    /// <exception cref="DataProblem">It cannot be opened.</exception>
    public IEnumerable<string> DataProblems(Suite suite, DataRoot root)
    {
        if (Data is null) yield break;
        using var source = TuningPlan.Build(suite).Validation.Data[0].Open(root);
        if (DataFingerprint.Compute(source) != Data.Training)
            yield return $"tune: {source.Name}: other faces than those that the choice was made on; delete the folder tuning of the " +
                $"results to tune again, or bring back the data";
    }

    /// <summary>Says of each loss which configurations were not judged; empty where the choice is complete.</summary>
    public IEnumerable<string> Incomplete() => from loss in Losses
                                               where loss.Budget.NotJudged is { Count: > 0 }
                                               let draws = string.Join(", ", loss.Budget.NotJudged!)
                                               select $"NOT COMPLETE: {loss.Label} was chosen among " +
                                                   $"{loss.Budget.Configurations - loss.Budget.NotJudged!.Count} of " +
                                                   $"{loss.Budget.Configurations} configurations: {loss.Budget.Failed} of its trainings " +
                                                   $"failed, so draw {draws} was not judged";

    /// <summary>Stands for a choice that is not made yet, where trials are only counted: the second draw of each loss.</summary>
    public static TuningChoice StandIn(TuningPlan plan) => new("", plan.Tune.Method, plan.Tune.Metric, null, [.. plan.Losses.Select(loss =>
        new TunedLoss(loss.Label, 1, loss.Configurations[1].Values, loss.Configurations[1].Loss, loss.Configurations[1].Training, null,
            null, 0, new TuningBudget(0, 0, 0, null, 0, 0), []))]);

    private static TunedLoss For(TuningState state, int loss)
    {
        var (plan, searched, last) = (state.Plan, state.Plan.Losses[loss], state.Plan.Rungs.Count - 1);
        var trials = state.Trials.Where(trial => trial.Loss == loss).ToList();
        if (trials.TrueForAll(trial => trial.Result is null))
            throw new SuiteException(
                $"tune: no tuning trial of {searched.Label} has a result, so nothing can be chosen; the first says: " +
                $"{trials[0].Failure?.Error}");
        var values = state.Judged(last, loss);
        if (values.Count == 0)
            throw new SuiteException(
                $"tune: no configuration of {searched.Label} has all its results in the last round, so nothing can be chosen: " +
                $"{state.NotJudged(loss).First().Failure?.Error}; the same command tries what failed again");
        var best = Halving.Best(values, 1)[0];
        var figure = values.First(one => one.Draw == best).Value;
        var draw = figure is null ? 0 : best; // nothing is known of any: the suite's own
        var own = Enumerable.Range(0, last + 1).Last(round => state.Values(round, loss).Any(one => one.Draw == 0));
        var images = trials.Select(trial => trial.Result?.Provenance.TrainingImages).FirstOrDefault(count => count is not null);
        var epochs = trials.Sum(trial => (long)trial.Plan.Spec.Training.Epochs);
        int[] open = [.. state.NotJudged(loss).Select(trial => trial.Draw).Distinct().Order()];
        var budget = new TuningBudget(plan.Tune.Trials, trials.Count, epochs, epochs * images,
            trials.Sum(trial => (trial.Result?.Steps ?? 0) * trial.Plan.Spec.Training.Batch),
            trials.Count(trial => trial.Value(plan.Tune.Metric) is null), trials.Count(trial => trial.Result is null), open.Length == 0
                ? null : open);
        var chosen = searched.Configurations[draw];
        return new TunedLoss(searched.Label, draw, chosen.Values, chosen.Loss, chosen.Training, figure, state.Values(own, loss)
            .First(one => one.Draw == 0).Value, plan.Rungs[own].Epochs, budget,
            [.. trials.Select(trial => trial.Id)]);
    }
}

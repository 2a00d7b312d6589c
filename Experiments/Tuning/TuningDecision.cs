using Ablation.Experiments.Suites;
using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Harness.Provenance;

namespace Ablation.Experiments.Tuning;

/// <summary>Chooses a configuration for each loss from the results of the tuning trials only.</summary>
public static class TuningDecision
{
    /// <summary>Makes the choice of a complete search.</summary>
    /// <exception cref="SuiteException">A loss has no result, or trials saw different data.</exception>
    public static TuningChoice Make(TuningState state)
    {
        var plan = state.Plan;
        var data = state.Trials.Select(trial => trial.Result?.Provenance.Data).OfType<DataFingerprint>().Distinct().ToList();
        if (data.Count > 1)
            throw new SuiteException("tune: the tuning trials did not all see the same data; delete the folder tuning to tune again");
        return new TuningChoice(plan.Design(), plan.Tune.Method, plan.Tune.Metric, data.FirstOrDefault(),
            [.. plan.Losses.Select((_, loss) => Choose(state, loss))]);
    }

    /// <summary>Returns a placeholder for counting trials before the choice: the second draw of each loss.</summary>
    public static TuningChoice StandIn(TuningPlan plan) => new("", plan.Tune.Method, plan.Tune.Metric, null, [.. plan.Losses.Select(loss =>
        new TunedLoss(loss.Label, 1, loss.Configurations[1].Values, loss.Configurations[1].Loss, loss.Configurations[1].Training, null,
            null, 0, new TuningBudget(0, 0, 0, null, 0, 0), []))]);

    private static TunedLoss Choose(TuningState state, int loss)
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
                $"{state.NotJudged(loss).First().Failure?.Error}; the same command retries what failed");
        var best = Halving.Best(values, 1)[0];
        var figure = values.First(one => one.Draw == best).Value;
        var draw = figure is null ? 0 : best; // without any figure: the suite's own setting
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

    /// <summary>Returns a problem if the training set is not the one of the choice.</summary>
    /// <exception cref="DataProblem">It cannot be opened.</exception>
    public static IEnumerable<string> DataProblems(TuningChoice choice, Suite suite, DataRoot root)
    {
        if (choice.Data is null) yield break;
        using var source = TuningPlan.Build(suite).Validation.Data[0].Open(root);
        if (DataFingerprint.Compute(source) != choice.Data.Training)
            yield return $"tune: {source.Name}: other faces than those that the choice was made on; delete the folder tuning of the " +
                $"results to tune again, or restore the data";
    }
}

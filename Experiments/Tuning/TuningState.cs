using Ablation.Experiments.Processes;
using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Harness;

namespace Ablation.Experiments.Tuning;

/// <summary>A training of a search with its stored result or failure.</summary>
/// <param name="Loss">Index in <see cref="TuningPlan.Losses"/>.</param>
/// <param name="Failure">The last failure of a training without a result.</param>
public sealed record TuningTrial(int Loss, int Draw, PlannedTrial Plan, string Id, TrialResult? Result, TrialFailure? Failure)
{
    /// <summary>What is wrong with a stored result; null if nothing. The search waits until it is repaired or run again.</summary>
    public string? Damage { get; init; }

    /// <summary>Whether it has a result or has failed.</summary>
    public bool IsSettled => Result is not null || Failure is not null;

    /// <summary>Returns its validation figure, 0 .. 1; null if it diverged, learnt nothing or has no result. The validation pairs are the
    /// first test of every tuning trial; figures of the suite's tests (<see cref="TuneOptions.Oracle"/>) are never read here.</summary>
    public double? Value(TuneMetric metric) => Result?.Metrics.TakeWhile(one => one.Test == Result.Metrics[0].Test)
        .FirstOrDefault(one => metric == TuneMetric.Auc ? one.Name == "AUC"
            : one.Name == "accuracy" && one.Estimator.Contains("exact", StringComparison.Ordinal))?.Value;

    /// <summary>Returns its figure on a test of the suite, for the report alone; null without one.</summary>
    public double? OnTest(string test, string name, string estimator) => Result?.Metrics
        .SkipWhile(one => one.Test == Result.Metrics[0].Test)
        .FirstOrDefault(one => (one.Test, one.Name, one.Estimator) == (test, name, estimator))?.Value;
}

/// <summary>The state of a search from its store: the rounds up to the first incomplete one, since later rounds depend on it.</summary>
/// <param name="Rounds">Trials by round.</param>
/// <param name="IsThrough">Whether the last round is complete.</param>
public sealed record TuningState(TuningPlan Plan, IReadOnlyList<IReadOnlyList<TuningTrial>> Rounds, bool IsThrough)
{
    public static TuningState Read(TuningPlan plan, ResultStore store)
    {
        var rounds = new List<IReadOnlyList<TuningTrial>>();
        var draws = plan.Losses.Select(_ => (IReadOnlyList<int>)[.. Enumerable.Range(0, plan.Rungs[0].Configurations)]).ToList();
        for (var rung = 0; rung < plan.Rungs.Count; rung++)
        {
            var planned = (from place in Enumerable.Range(0, plan.Rungs[rung].Configurations)
                           from loss in Enumerable.Range(0, plan.Losses.Count)
                           where place < draws[loss].Count // fewer where too few of the round before were judged
                           from seed in plan.Tune.Seeds
                           select (Loss: loss, Draw: draws[loss][place], Trial: plan.Trial(loss, draws[loss][place], rung, seed))).ToList();
            store.Knowing(planned.Select(one => one.Trial));
            var round = EveryCore.Select(planned, one => Read(one.Loss, one.Draw, one.Trial, store));
            rounds.Add(round);
            if (!round.All(trial => trial.IsSettled)) return new TuningState(plan, rounds, IsThrough: false);
            if (rung + 1 < plan.Rungs.Count)
                draws = [.. plan.Losses.Select((_, loss) => Halving.Best(Judged(plan, round, loss), plan.Rungs[rung + 1].Configurations))];
        }

        return new TuningState(plan, rounds, IsThrough: true);
    }

    /// <summary>All trainings known so far.</summary>
    public IEnumerable<TuningTrial> Trials => Rounds.SelectMany(round => round);

    /// <summary>Returns the figure of each draw of a loss in a round: the mean over the seeds; null if a seed has none.</summary>
    public IReadOnlyList<(int Draw, double? Value)> Values(int round, int loss) =>
        Values(Plan, Rounds[round].Where(trial => trial.Loss == loss));

    /// <summary>Returns the figures of the draws whose trainings all have a result. A failed training does not count for or against its
    /// configuration.</summary>
    public IReadOnlyList<(int Draw, double? Value)> Judged(int round, int loss) => Judged(Plan, Rounds[round], loss);

    /// <summary>Returns the trainings of a loss without a result, whose configurations are not ranked.</summary>
    public IEnumerable<TuningTrial> NotJudged(int loss) => Trials.Where(trial => trial.Loss == loss && trial.Result is null);

    private static List<(int Draw, double? Value)> Judged(TuningPlan plan, IReadOnlyList<TuningTrial> round, int loss) =>
        Values(plan, round.Where(trial => trial.Loss == loss).GroupBy(trial => trial.Draw)
            .Where(draw => draw.All(trial => trial.Result is not null)).SelectMany(draw => draw));

    private static List<(int Draw, double? Value)> Values(TuningPlan plan, IEnumerable<TuningTrial> trials) =>
    [
        .. trials.GroupBy(trial => trial.Draw).Select(draw =>
        {
            var values = draw.Select(trial => trial.Value(plan.Tune.Metric)).ToList();
            return (draw.Key, values.TrueForAll(value => value is not null) ? values.Average() : null);
        }),
    ];

    private static TuningTrial Read(int loss, int draw, PlannedTrial plan, ResultStore store)
    {
        var id = plan.Spec.Id();
        var result = store.Load(id, out var damage);
        return new TuningTrial(loss, draw, plan, id, result, result is null && damage is null
            ? Failure(plan, id, store) : null)
        { Damage = damage };
    }

    /// <summary>Reads the failure; an unreadable file counts as one.</summary>
    private static TrialFailure? Failure(PlannedTrial plan, string id, ResultStore store)
    {
        try
        {
            return store.LoadFailure(id);
        }
        catch (InvalidDataException e)
        {
            return new TrialFailure(id, plan.Label, plan.Spec.Seed, DateTimeOffset.MaxValue, e.Message, "");
        }
    }
}

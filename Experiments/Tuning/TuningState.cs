using Ablation.Experiments.Processes;
using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Harness;

namespace Ablation.Experiments.Tuning;

/// <summary>A training of a search, with what the store has of it.</summary>
/// <param name="Loss">Its place in <see cref="TuningPlan.Losses"/>.</param>
/// <param name="Failure">The last failure of one without a result.</param>
public sealed record TuningTrial(int Loss, int Draw, PlannedTrial Plan, string Id, TrialResult? Result, TrialFailure? Failure)
{
    /// <summary>What is wrong with a stored result; null where nothing is. The search waits until it is mended or run again.</summary>
    public string? Damage { get; init; }

    /// <summary>Whether nothing more is to be waited for.</summary>
    public bool IsSettled => Result is not null || Failure is not null;

    /// <summary>Its validation figure, 0 .. 1; null where it diverged or learnt nothing, which is a result, and where it has
    /// none.</summary>
    public double? Value(TuneMetric metric) => Result?.Metrics.FirstOrDefault(one => metric == TuneMetric.Auc ? one.Name == "AUC"
        : one.Name == "accuracy" && one.Estimator.Contains("exact", StringComparison.Ordinal))?.Value;
}

/// <summary>
/// Where a search stands, from its store: the rounds whose trials are known, which are those up to the first round that is not complete.
/// </summary>
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

    /// <summary>Every training that is known so far.</summary>
    public IEnumerable<TuningTrial> Trials => Rounds.SelectMany(round => round);

    /// <summary>The figure of each draw of a loss in a round: the mean over the seeds, null where a seed has none.</summary>
    public IReadOnlyList<(int Draw, double? Value)> Values(int round, int loss) =>
        Values(Plan, Rounds[round].Where(trial => trial.Loss == loss));

    /// <summary>The same of those draws alone whose trainings all have a result. A training that failed says nothing of its configuration,
    /// which is then not judged, neither as good nor as bad.</summary>
    public IReadOnlyList<(int Draw, double? Value)> Judged(int round, int loss) => Judged(Plan, Rounds[round], loss);

    /// <summary>Trainings of a loss without a result, which leave their configurations without a judgement.</summary>
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

    /// <summary>One that cannot be read is a failure all the same.</summary>
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

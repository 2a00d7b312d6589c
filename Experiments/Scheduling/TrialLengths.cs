using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;

namespace Ablation.Experiments.Scheduling;

/// <summary>
/// Estimates how long the trials of a suite take from finished and running ones: the mean of the same loss and condition, else of the
/// condition's trained losses, else of all trained trials. Measures nothing and ignores differences between machines.
/// </summary>
public sealed class TrialLengths
{
    private readonly SuiteState state;
    private readonly Dictionary<(Condition, string), double> byRow;
    private readonly Dictionary<Condition, double> byCondition;
    private readonly double? ofAll;

    private TrialLengths(SuiteState state)
    {
        this.state = state;
        var lengths = state.Trials.Where(trial => trial is { Stage: TrialStage.Finished, Status: "done", Seconds: not null })
            .Select(trial => (trial.Plan, Seconds: trial.Seconds!.Value)).ToList();
        if (lengths.Count == 0) // no trial is finished yet: use the predicted lengths of the running ones
            lengths = [.. state.Trials.Select(trial =>
                (trial.Plan, Seconds: Left(trial) is { } left ? left + (state.Now - trial.Progress!.Started).TotalSeconds : (double?)null))
                .Where(one => one.Seconds is not null).Select(one => (one.Plan, one.Seconds!.Value))];
        byRow = Means(lengths, plan => (plan.Condition, plan.Label));
        var trained = lengths.Where(one => one.Plan.Label != Labels.Untrained).ToList();
        byCondition = Means(trained, plan => plan.Condition);
        ofAll = trained.Count == 0 ? null : trained.Average(one => one.Seconds);
        Known = lengths.Count;
    }

    /// <summary>Number of trials that the lengths come from.</summary>
    public int Known { get; }

    public static TrialLengths Estimate(SuiteState state) => new(state);

    /// <summary>Returns the seconds of the whole trial; null if unknown.</summary>
    public double? Estimate(PlannedTrial plan) =>
        byRow.TryGetValue((plan.Condition, plan.Label), out var row) ? row : byCondition.TryGetValue(plan.Condition, out var condition)
        ? condition : ofAll;

    /// <summary>Returns the seconds until a running or interrupted trial ends; null if unknown.</summary>
    public double? Rest(TrialState trial)
    {
        var whole = Estimate(trial.Plan);
        if (Left(trial) is { } left) return left;
        var begun = trial.Stage == TrialStage.Running ? trial.FromStep : trial.Checkpoint ?? 0;
        if (trial.Progress is { Steps: > 0 and var steps }) whole *= Math.Max(0, 1 - (double)begun / steps);
        return trial is { Stage: TrialStage.Running, Progress: { } progress } ? whole is { } all
            ? Math.Max(0, all - (state.Now - progress.Started).TotalSeconds) : null : whole;
    }

    /// <summary>Returns when the last remaining trial ends if every slot is used; null if nothing runs or a length is unknown.</summary>
    public DateTimeOffset? End()
    {
        var running = state.Trials.Where(trial => trial.Stage == TrialStage.Running).ToList();
        var jobs = Math.Max(running.Count, state.Pools.Sum(pool => pool.Slots.Count));
        if (jobs == 0) return null;
        var skipped = state.Skipped?.Trials.Select(one => one.Id).ToHashSet() ?? [];
        var left = state.Trials.Where(trial => trial.Stage is TrialStage.Interrupted or TrialStage.Waiting && !skipped.Contains(trial.Id));
        return DeadlineOrder.Makespan([.. running.Select(Rest), .. left.Select(Rest)], jobs) is { } seconds
            ? state.Now.AddSeconds(seconds) : null;
    }

    /// <summary>Extrapolates the pace of the running attempt since its start; excludes the tests after the training.</summary>
    private double? Left(TrialState trial)
    {
        if (trial is not { Stage: TrialStage.Running, Progress: { Phase: TrialPhase.Training } progress }) return null;
        var (done, seconds) = (progress.Step - trial.FromStep, (progress.Advanced - progress.Started).TotalSeconds);
        return done > 0 && seconds > 0 ? Math.Max(0, progress.Steps - progress.Step) * seconds / done : null;
    }

    private static Dictionary<TKey, double> Means<TKey>(IEnumerable<(PlannedTrial Plan, double Seconds)> lengths,
        Func<PlannedTrial, TKey> key) where TKey : notnull =>
        lengths.GroupBy(one => key(one.Plan)).ToDictionary(group => group.Key, group => group.Average(one => one.Seconds));
}

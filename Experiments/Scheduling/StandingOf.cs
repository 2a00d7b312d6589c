using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;

namespace Ablation.Experiments.Scheduling;

/// <summary>Makes the standing of a suite from its files.</summary>
public static class StandingOf
{
    /// <param name="zone">Time zone of the times shown.</param>
    public static Standing State(SuiteState state, TimeZoneInfo zone)
    {
        var lengths = TrialLengths.Estimate(state);
        var running = state.Trials.Where(trial => trial.Stage == TrialStage.Running).ToList();
        return new Standing(state.Name, Counts(state), End(state, lengths, running.Count, zone),
            [.. running.Select(trial => Row(trial, lengths, state.Now))])
        {
            NameWidth = NameWidth(state.Trials.Select(trial => trial.Plan)),
            HasNetworks = Differ(state.Trials.Select(trial => Labels.Full(trial.Plan.Condition.Backbone))),
            HasPixels = Differ(state.Trials.Select(trial => trial.Plan.Spec.Resolution)),
        };
    }

    /// <summary>Returns the columns of the longest label.</summary>
    public static int NameWidth(IEnumerable<PlannedTrial> trials) => trials.Select(trial => trial.Label.Length).DefaultIfEmpty(0).Max();

    /// <summary>Whether there are several values, so that they need a column.</summary>
    public static bool Differ<T>(IEnumerable<T> values) => values.Distinct().Skip(1).Any();

    /// <summary>Returns the row of a trial whose process has written progress, or has just started.</summary>
    public static StandingRow Row(PlannedTrial plan, string id, TrialProgress? progress, double? left) =>
        new(plan.Label, Labels.Full(plan.Condition.Backbone), plan.Spec.Resolution, plan.Spec.Seed, id,
            progress is { Phase: TrialPhase.Training } ? "" : StatusText.Words($"{progress?.Phase ?? TrialPhase.Starting}"))
        {
            Step = progress?.Step ?? 0,
            Steps = progress?.Steps ?? 0,
            Epoch = progress?.Epoch,
            Epochs = plan.Spec.Training.Epochs,
            TrainLoss = progress?.Loss,
            ImagesPerSecond = progress?.ImagesPerSecond,
            SecondsLeft = left,
        };

    private static StandingRow Row(TrialState trial, TrialLengths lengths, DateTimeOffset now)
    {
        var silent = now - (trial.Progress?.Updated ?? trial.Lease!.Taken);
        return Row(trial.Plan, trial.Id, trial.Progress, lengths.Rest(trial)) with
        {
            Silent = silent > TrialState.Patience / 3 ? silent : null,
        };
    }

    private static StandingCounts Counts(SuiteState state)
    {
        var unusual = state.Trials.Where(trial => trial.Status is not (null or "done")).GroupBy(trial => StatusText.Words(trial.Status!))
            .Select(group => (What: group.Key, Count: group.Count()))
            .Concat(((TrialStage[])[TrialStage.Skipped, TrialStage.Damaged])
                .Select(stage => (What: StatusText.Words($"{stage}"), Count: state.Count(stage))))
            .Where(one => one.Count > 0).OrderBy(one => one.What, StringComparer.Ordinal).Select(one => $"{one.Count} {one.What}");
        var begun = state.Count(TrialStage.Interrupted);
        return new StandingCounts(state.Trials.Count(trial => trial.Status == "done"), state.Count(TrialStage.Running),
            state.Count(TrialStage.Waiting) + begun, state.Count(TrialStage.Failed), begun, string.Join(", ", unusual));
    }

    private static StandingEnd End(SuiteState state, TrialLengths lengths, int running, TimeZoneInfo zone)
    {
        if (state.HasEnded) return StandingEnd.Unknown;
        if (running == 0 && state.Pools.Count == 0) return new StandingEnd(null, "nothing runs");
        if (lengths.End() is not { } end) return new StandingEnd(null, "end: in a minute");
        var done = state.Count(TrialStage.Finished);
        var isGuess = !state.Trials.Any(trial => trial is { Status: "done", Seconds: not null });
        var ground = isGuess ? "by pace" : 2 * done < state.Trials.Count ? $"{done} of {state.Trials.Count}" : "";
        return new StandingEnd(TimeZoneInfo.ConvertTime(end, zone), ground);
    }
}

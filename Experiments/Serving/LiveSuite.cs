using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Store;

namespace Ablation.Experiments.Serving;

/// <summary>What a page shows of a suite: its rows, one page of them, and what stands above.</summary>
/// <param name="Found">Number of trials that the query finds.</param>
/// <param name="Tests">Of the column of accuracies; empty until a trial is finished.</param>
public sealed record LiveSuite(SuiteFeed Feed, SuiteState State, LiveQuery Query, IReadOnlyList<LiveRow> Rows, int Found,
    IReadOnlyList<string> Tests)
{
    /// <summary>Reads the suite as it is now.</summary>
    /// <exception cref="InvalidDataException">A file of the suite is damaged; names it.</exception>
    public static LiveSuite Read(SuiteFeed feed, LiveQuery query)
    {
        var state = feed.Now();
        var lengths = TrialLengths.Estimate(state);
        var chosen = query.Choose(state.Trials, feed.Ended, feed.Condition);
        var last = Math.Max(0, (chosen.Count - 1) / LiveQuery.PageSize);
        query = query with { Page = Math.Clamp(query.Page, 0, last) };
        var shown = chosen.Skip(query.Page * LiveQuery.PageSize).Take(LiveQuery.PageSize).ToList();
        return new LiveSuite(feed, state, query, [.. shown.Select(trial => Row(feed, state, trial, lengths))], chosen.Count,
            shown.FirstOrDefault(trial => trial.Stage == TrialStage.Finished) is { } done ? feed.Figures(done.Id).Tests : []);
    }

    public Standing Standing => StandingOf.State(State, TimeZoneInfo.Local);

    private static LiveRow Row(SuiteFeed feed, SuiteState state, TrialState trial, TrialLengths lengths)
    {
        var row = new LiveRow(trial.Id, trial.Plan.Label, trial.Plan.Spec.Seed, feed.HasConditions ? feed.Condition(trial) : "",
            trial.Stage)
        { State = Words(trial), Message = trial.Message };
        return trial.Stage switch
        {
            TrialStage.Finished => Finished(row, feed.Figures(trial.Id)) with { Seconds = trial.Seconds },
            TrialStage.Waiting or TrialStage.Skipped or TrialStage.Damaged => row with { Asked = Asked(feed, state, trial) },
            _ => Begun(row, feed, state, trial) with { Seconds = trial.Stage == TrialStage.Running ? lengths.Rest(trial) : null },
        };
    }

    private static LiveRow Finished(LiveRow row, FinishedFigures figures) => row with
    {
        Step = figures.Steps,
        Steps = figures.Steps,
        TrainLoss = figures.TrainLoss,
        ImagesPerSecond = figures.ImagesPerSecond,
        Accuracy = figures.Accuracy,
        Curve = figures.Curve,
        Message = figures.Message,
    };

    private static LiveRow Begun(LiveRow row, SuiteFeed feed, SuiteState state, TrialState trial)
    {
        var progress = trial.Progress;
        return row with
        {
            Step = progress?.Step ?? trial.Checkpoint ?? 0,
            Steps = progress?.Steps ?? 0,
            TrainLoss = progress?.Loss,
            ImagesPerSecond = trial.Stage == TrialStage.Running ? progress?.ImagesPerSecond : null,
            Curve = FinishedFigures.Spark(LiveCurve.Read(feed.Store.Files(trial.Id).Curve), progress?.Steps ?? 0),
            Asked = Asked(feed, state, trial),
        };
    }

    /// <summary>Returns what is asked of the current run; requests to an earlier one no longer hold.</summary>
    private static RequestKind? Asked(SuiteFeed feed, SuiteState state, TrialState trial) =>
        state.Pools.Count > 0 && feed.Store.Files(trial.Id).ReadAsked() is { } asked
            && state.Pools.Any(pool => asked.Time >= pool.Started) ? asked.Kind : null;

    private static string Words(TrialState trial) => trial switch
    {
        { Stage: TrialStage.Finished } => StatusText.Words(trial.Status ?? "done"),
        { Stage: TrialStage.Running, Progress: { Phase: TrialPhase.Training } } => "running",
        { Stage: TrialStage.Running } => StatusText.Words($"{trial.Progress?.Phase ?? TrialPhase.Starting}"),
        _ => StatusText.Words($"{trial.Stage}"),
    };
}

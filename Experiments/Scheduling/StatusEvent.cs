namespace Ablation.Experiments.Scheduling;

/// <summary>What <c>watch</c> writes to a file or a pipe.</summary>
internal static class StatusEvent
{
    /// <summary>Returns the line of a trial that has changed its stage.</summary>
    public static string Of(TrialState trial, DateTimeOffset now) =>
        EventLine.Of(now, StatusText.Words(trial.Status ?? $"{trial.Stage}").Replace(' ', '-'), ("loss", trial.Plan.Label),
            ("seed", trial.Plan.Spec.Seed), ("trial", trial.Id), ("attempts", trial.Attempts > 0 ? trial.Attempts : null),
            ("took_s", trial.Seconds is { } seconds ? Math.Round(seconds) : null),
            ("reason", trial.Reason is { } reason ? StatusText.Words($"{reason}") : null),
            ("text", trial.Message.Length > 0 ? trial.Message.Split('\n')[0].TrimEnd() : null));

    /// <summary>Returns the counts, without a time: "totals suite=quick finished=3 running=2 failed=0 waiting=9".</summary>
    public static string Totals(SuiteState state) =>
        $"totals suite={state.Name}{string.Concat(Enum.GetValues<TrialStage>()
            .Where(stage => state.Count(stage) > 0 || stage is TrialStage.Finished or TrialStage.Running or TrialStage.Failed
                or TrialStage.Waiting)
            .Select(stage => $" {StatusText.Words($"{stage}")}={state.Count(stage)}"))}";
}

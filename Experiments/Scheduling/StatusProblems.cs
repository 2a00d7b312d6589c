using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Experiments.Terminal;

namespace Ablation.Experiments.Scheduling;

/// <summary>The interrupted, failed and damaged trials of a suite; one cause is said once.</summary>
internal static class StatusProblems
{
    /// <summary>Returns a block per cause, those of interrupted trials first.</summary>
    public static IEnumerable<string> Lines(SuiteState state, StatusLimits limits) =>
    [
        .. Of(state, TrialStage.Interrupted, StateMark.Paused, limits, one => $"{Step(one)}stopped{Why(one)}; {Resumes(one)}", _ => []),
        .. Of(state, TrialStage.Failed, StateMark.Failed, limits, one => $"failed, {Attempts(one)}{Why(one)}",
            one => LogOf(state, one, limits)),
        .. Of(state, TrialStage.Damaged, StateMark.Failed, limits, one => $"damaged: {one.Message}", _ => []),
    ];

    private static IEnumerable<string> Of(SuiteState state, TrialStage stage, StateMark mark, StatusLimits limits,
        Func<TrialState, string> text, Func<TrialState, IEnumerable<string>> log)
    {
        var causes = state.Trials.Where(trial => trial.Stage == stage).GroupBy(text).ToList();
        foreach (var cause in causes.Take(limits.Failures))
        {
            var first = cause.First();
            foreach (var line in StateMarks.Wrapped($"{Name(first, state)}: {cause.Key}", mark, limits.Look)) yield return line;
            if (cause.Skip(1).Any())
                foreach (var line in Fit.Wrap($"    and {cause.Count() - 1} more: " +
                    string.Join(", ", cause.Skip(1).Select(trial => Name(trial, state))), limits.Look.Width, 4)) yield return line;
            foreach (var line in log(first)) yield return $"    | {line}";
        }

        if (causes.Count > limits.Failures)
            yield return $"    and {causes.Skip(limits.Failures).Sum(cause => cause.Count())} more {StatusText.Words($"{stage}")}";
    }

    private static string Name(TrialState trial, SuiteState state)
    {
        var network = StandingOf.Differ(state.Trials.Select(one => Labels.Full(one.Plan.Condition.Backbone)))
            ? $", {Labels.Full(trial.Plan.Condition.Backbone)}" : "";
        var pixels = StandingOf.Differ(state.Trials.Select(one => one.Plan.Spec.Resolution)) ? $", {trial.Plan.Spec.Resolution} px" : "";
        return $"{trial.Plan.Label}{network}{pixels}, seed {trial.Plan.Spec.Seed} ({trial.Id})";
    }

    private static string Step(TrialState trial) =>
        trial.Progress is { Steps: > 0 } progress ? $"step {progress.Step}/{progress.Steps}, " : "";

    private static string Resumes(TrialState trial) => trial.Checkpoint is { } step ? $"goes on from step {step}" : "starts over";

    private static string Attempts(TrialState trial) => trial.Attempts switch { 0 => "tried", 1 => "1 attempt", var n => $"{n} attempts" };

    /// <summary>Returns the first line, since an error may be a page long.</summary>
    private static string Why(TrialState trial) =>
        (trial.Reason is { } reason and not (EndReason.Failed or EndReason.Cancelled) ? $": {StatusText.Words(reason.ToString())}" : "")
        + (trial.Message.Length > 0 ? $": {trial.Message.Split('\n')[0].TrimEnd()}" : "");

    private static IEnumerable<string> LogOf(SuiteState state, TrialState trial, StatusLimits limits) =>
        LogTail.Read(new TrialFiles(Path.Combine(state.Folder, "trials", trial.Id)).Log, limits.LogLines);
}

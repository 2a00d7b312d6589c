using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Harness;
using Ablation.Harness.Training;

namespace Ablation.Experiments.Scheduling;

/// <summary>Describes a pool's trials in words; the same in a terminal and in a file.</summary>
internal static class PoolLines
{
    /// <summary>"[3/44] CosFace, Small, 32 px, seed 1  (ID), from step 400".</summary>
    public static string Start(int number, int count, PlannedTrial trial, string id, long fromStep) =>
        $"[{number}/{count}] {trial.Label}, {Labels.Full(trial.Condition.Backbone)}, {trial.Spec.Resolution} px, seed " +
        $"{trial.Spec.Seed}  ({id}){(fromStep > 0 ? $", from step {fromStep}" : "")}";

    /// <summary>"epoch 2.4  step 120/500  310 images/s  loss 3.2100".</summary>
    public static string Progress(TrialProgress progress)
    {
        if (progress.Phase != TrialPhase.Training) return StatusText.Words(progress.Phase.ToString());
        var speed = progress.ImagesPerSecond is { } images ? $"  {images:F0} images/s" : "";
        var loss = progress.Loss is { } value ? $"  loss {value:F4}" : "";
        return $"epoch {progress.Epoch:F1}  step {progress.Step}/{progress.Steps}{speed}{loss}";
    }

    /// <summary>Returns the seconds until the training ends at the pace of this attempt; null until it can be estimated.</summary>
    public static double? Left(TrialProgress progress, long fromStep)
    {
        var (done, seconds) = (progress.Step - fromStep, (progress.Advanced - progress.Started).TotalSeconds);
        return progress.Phase == TrialPhase.Training && done > 0 && seconds > 0
            ? Math.Max(0, progress.Steps - progress.Step) * seconds / done : null;
    }

    /// <summary>Returns the accuracy of each test or how the trial diverged, any warnings, and how long it took.</summary>
    public static string End(TrialResult result, TimeSpan took)
    {
        var figures = result.Status == TrialStatus.Done
            ? string.Join("  ",
                result.Metrics.Where(metric => metric.Name == "accuracy" && metric.Estimator.Contains("grid", StringComparison.Ordinal))
                .Select(metric =>
                    $"{metric.Test} {metric.Name} {(metric.Value is { } value ? $"{100 * value:F2} %" : "n/a")} ({metric.Estimator})"))
            : result.Divergence is { } d
            ? $"diverged at step {d.Step}: the loss became {d.Loss}" : StatusText.Words(result.Status.ToString());
        var bad = result.BadImages > 0 ? $"  {result.BadImages} unreadable images left out" : "";
        var waited = result.WaitedShare >= TrialResult.NotableWait
            ? $"  waited for images {100 * result.WaitedShare:F0} % of the training (try --cache)" : "";
        return $"{figures}{bad}{waited}  in {took.TotalSeconds:F0} s";
    }

    /// <summary>"FAILED CosFace, seed 1: out of memory: 8 GB asked for; tried again with half the micro-batch".</summary>
    public static string Stopped(PlannedTrial trial, EndReason reason, string message, string next)
    {
        var isFault = reason is not (EndReason.Cancelled or EndReason.Interrupted or EndReason.LeaseLost);
        var what = string.Join(": ",
            new[] { reason == EndReason.Failed ? "" : StatusText.Words(reason.ToString()), message }.Where(text => text.Length > 0));
        return $"{(isFault ? "FAILED" : "stopped")} {trial.Label}, seed " +
            $"{trial.Spec.Seed}{(what.Length > 0 ? $": {what}" : "")}{(next.Length > 0 ? $"; {next}" : "")}";
    }

    /// <summary>"12 finished, 1 failed, 31 left, done about 07:12".</summary>
    public static string Totals(int finished, int failed, int left, DateTimeOffset? end, DateTimeOffset now, TimeZoneInfo zone) =>
        $"{finished} finished, {failed} failed, {left} " +
        $"left{(end is { } moment ? $", done about {StatusText.Clock(moment, now, zone)}" : "")}";
}

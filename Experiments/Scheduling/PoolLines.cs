using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Harness;
using Ablation.Harness.Training;

namespace Ablation.Experiments.Scheduling;

/// <summary>Describes a pool's trials in words; the same in a terminal and in a file.</summary>
internal static class PoolLines
{
    /// <summary>Returns the seconds until the training ends at the pace of this attempt; null until it can be estimated.</summary>
    public static double? Left(TrialProgress progress, long fromStep)
    {
        var (done, seconds) = (progress.Step - fromStep, (progress.Advanced - progress.Started).TotalSeconds);
        return progress.Phase == TrialPhase.Training && done > 0 && seconds > 0
            ? Math.Max(0, progress.Steps - progress.Step) * seconds / done : null;
    }

    /// <summary>Returns the accuracy of each test on the field's grid of thresholds, in the order of the suite.</summary>
    public static IReadOnlyList<(string Test, double? Value)> Accuracies(TrialResult result) =>
        [.. result.Metrics.Where(metric => metric.Name == "accuracy" && metric.Estimator.Contains("grid", StringComparison.Ordinal))
            .Select(metric => (metric.Test, metric.Value))];

    /// <summary>Returns what a finished trial needs to have said: how it diverged, unreadable images, time spent waiting.</summary>
    public static IEnumerable<string> Notes(TrialResult result)
    {
        if (result.Divergence is { } d)
            yield return $"diverged at step {d.Step}: the loss " +
                $"{(d.Loss.StartsWith("finite", StringComparison.Ordinal) ? "was" : "became")} {d.Loss}";
        else if (result.Status != TrialStatus.Done) yield return result.Ending();
        if (result.BadImages > 0) yield return $"{result.BadImages} unreadable images left out";
        if (result.WaitedShare >= TrialResult.NotableWait)
            yield return $"waited for images {100 * result.WaitedShare:F0} % of the training (try --cache)";
    }

    /// <summary>Whether an attempt ended by a fault, and not because it was asked to.</summary>
    public static bool IsFault(EndReason reason) => reason is not (EndReason.Cancelled or EndReason.Interrupted or EndReason.LeaseLost);

    /// <summary>"FAILED CosFace, seed 1: out of memory: 8 GB asked for; tried again with half the micro-batch".</summary>
    public static string Stopped(PlannedTrial trial, EndReason reason, string message, string next)
    {
        var what = string.Join(": ",
            new[] { reason == EndReason.Failed ? "" : StatusText.Words(reason.ToString()), message }.Where(text => text.Length > 0));
        return $"{(IsFault(reason) ? "FAILED" : "stopped")} {trial.Label}, seed " +
            $"{trial.Spec.Seed}{(what.Length > 0 ? $": {what}" : "")}{(next.Length > 0 ? $"; {next}" : "")}";
    }
}

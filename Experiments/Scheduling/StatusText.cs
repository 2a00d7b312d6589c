using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;

namespace Ablation.Experiments.Scheduling;

/// <summary>Limits on how much of a suite's state is shown.</summary>
/// <param name="Width">Columns of the terminal; longer lines are cut.</param>
/// <param name="Failures">Number of failed and of interrupted trials that are listed; the others are counted.</param>
/// <param name="LogLines">Number of lines shown from the end of a failed trial's log.</param>
public sealed record StatusLimits(int Width = int.MaxValue, int Failures = 5, int LogLines = 3);

/// <summary>Describes the state of a suite in words.</summary>
public static class StatusText
{
    private static readonly string[] Headers = ["#slot", "device", "loss", "network", "#px", "#seed", "#step", "#epoch", "#images/s",
        "#train loss", "#left", "trial"];

    /// <summary>Returns counts and end, the running trials by runner, then the interrupted, failed and skipped trials.</summary>
    /// <param name="zone">Time zone of the times shown.</param>
    public static IReadOnlyList<string> Lines(SuiteState state, TimeZoneInfo zone, StatusLimits limits)
    {
        var lengths = TrialLengths.Estimate(state);
        IEnumerable<string> lines =
        [
            .. state.Tuning is { } tuning ? Lines(tuning, zone, limits) : [],
            state.Question is { } question
                ? $"{state.Name}: {question}" : $"{state.Name} (without its suite file: trials that never started are not counted)",
            Counts(state),
            .. Earlier(state),
            .. End(state, lengths, zone),
            .. Runners(state, lengths, zone),
            .. Interrupted(state, limits),
            .. Failed(state, limits),
            .. Skipped(state, zone),
        ];
        return [.. lines.Select(line => line.Length <= limits.Width ? line : line[..Math.Max(0, limits.Width - 3)] + "...")];
    }

    /// <summary>Returns "14 trials: 6 done, 1 diverged, 2 running, ...", without zeros.</summary>
    public static string Counts(SuiteState state)
    {
        var finished = state.Trials.Where(trial => trial.Status is not null).GroupBy(trial => trial.Status!)
            .OrderBy(group => group.Key != "done").ThenBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => (What: Words(group.Key), Count: group.Count()));
        var others = Enum.GetValues<TrialStage>().Where(stage => stage != TrialStage.Finished)
            .Select(stage => (What: Words(stage.ToString()), Count: state.Count(stage)));
        var counts = finished.Concat(others).Where(one => one.Count > 0).Select(one => $"{one.Count} {one.What}").ToList();
        return $"{state.Trials.Count} trials{(counts.Count > 0 ? ": " : "")}{string.Join(", ", counts)}";
    }

    /// <summary>Returns a stored name in words: "out of memory", "timed out", "diverged".</summary>
    public static string Words(string name) =>
        string.Concat(name.Select((c, i) => i > 0 && char.IsUpper(c)
            ? $" {char.ToLowerInvariant(c)}" : char.ToLowerInvariant(c).ToString()));

    private static IEnumerable<string> Earlier(SuiteState state)
    {
        if (state.Trials.Count(trial => trial.IsEarlier) is > 0 and var count)
            yield return $"{count} of them of an earlier format, without a checksum: nothing shows whether they were changed";
    }

    private static IEnumerable<string> End(SuiteState state, TrialLengths lengths, TimeZoneInfo zone)
    {
        if (state.HasEnded)
            yield return state.Count(TrialStage.Failed) > 0
                ? "nothing runs; the next run tries failed trials again" : "nothing is left to run";
        else if (state.Pools.Count == 0 && state.Count(TrialStage.Running) == 0)
            yield return "nothing runs; the same run command resumes the rest";
        else if (lengths.End() is { } end)
            yield return $"done about {Clock(end, state.Now, zone)}, in {PlanText.Duration((end - state.Now).TotalSeconds)}, by " +
                $"{lengths.Known} {(HasLengths(state) ? "finished" : "running")} trials";
        else yield return "end n/a: no trial has run long enough for an estimate";
    }

    private static bool HasLengths(SuiteState state) => state.Trials.Any(trial => trial is { Status: "done", Seconds: not null });

    private static IEnumerable<string> Runners(SuiteState state, TrialLengths lengths, TimeZoneInfo zone)
    {
        var running = state.Trials.Where(trial => trial.Stage == TrialStage.Running).ToDictionary(trial => trial.Id);
        var shown = new HashSet<string>();
        foreach (var pool in state.Pools)
        {
            var deadline = pool.Deadline is { } until ? $", until {Clock(until, state.Now, zone)}" : "";
            yield return $"runner on {pool.Host}, process {pool.Process}, since {Clock(pool.Started, state.Now, zone)}{deadline}";
            shown.UnionWith(pool.Slots.Select(slot => slot.Trial).OfType<string>());
            foreach (var line in TextColumns.Lines(Headers,
                [.. pool.Slots.Select(slot =>
                    Row($"{slot.Number}", slot.Device, slot.Trial is { } id
                        ? running.GetValueOrDefault(id) : null, slot, lengths, state.Now))], "  ")) yield return line;
        }

        foreach (var pool in state.GonePools)
            yield return $"runner on {pool.Host}, process {pool.Process}: gone, last heard of {Clock(pool.Updated, state.Now, zone)}";
        var alone = running.Values.Where(trial => !shown.Contains(trial.Id)).ToList();
        if (alone.Count == 0) yield break;
        yield return "running without a runner here";
        foreach (var line in TextColumns.Lines(Headers,
            [.. alone.Select(trial => Row("", trial.Lease?.Job ?? trial.Lease?.Host ?? "", trial, null, lengths, state.Now))], "  "))
            yield return line;
    }

    private static string[] Row(string slot, string device, TrialState? trial, PoolSlot? place, TrialLengths lengths, DateTimeOffset now)
    {
        if (trial is null) return [slot, device, place?.Label ?? "free", "", "", "", "", "", "", "", "", place?.Trial ?? ""];
        var progress = trial.Progress;
        var step = progress switch
        {
            null =>
            "starting", { Phase: TrialPhase.Training } => $"{progress.Step}/{progress.Steps}",
            _ => Words(progress.Phase.ToString())
        };
        var silent = now - (progress?.Updated ?? trial.Lease!.Taken);
        return
        [
            slot, device, trial.Plan.Label, Labels.Full(trial.Plan.Condition.Backbone), $"{trial.Plan.Spec.Resolution}",
                $"{trial.Plan.Spec.Seed}", step,
            Text(progress?.Epoch, "F1"), Text(progress?.ImagesPerSecond, "F0"), Text(progress?.Loss, "F4"), lengths.Rest(trial) is { } left
                ? PlanText.Duration(left) : "n/a",
            silent > TrialState.Patience / 3 ? $"{trial.Id}, silent for {silent.TotalSeconds:F0} s" : trial.Id,
        ];
    }

    private static IEnumerable<string> Interrupted(SuiteState state, StatusLimits limits) =>
        Several(state, TrialStage.Interrupted, limits, trial =>
            [$"  {Name(trial)}, {Resumes(trial)}{Why(trial)}"]);

    private static string Resumes(TrialState trial) => (trial.Checkpoint, trial.Progress) switch
    {
        (null, _) => "starts over",
        ({ } step, null) => $"resumes from step {step}",
        ({ } step, { } progress) => $"resumes from step {step} of {progress.Steps}",
    };

    private static IEnumerable<string> Failed(SuiteState state, StatusLimits limits) => Several(state, TrialStage.Failed, limits, trial =>
    [
        $"  {Name(trial)}, {Attempts(trial)}{Why(trial)}",
            .. LogTail.Read(new TrialFiles(Path.Combine(state.Folder, "trials", trial.Id)).Log, limits.LogLines)
                .Select(line => $"    | {line}"),
    ]).Concat(Several(state, TrialStage.Damaged, limits, trial => [$"  {Name(trial)}: {trial.Message}"]));

    private static IEnumerable<string> Several(SuiteState state, TrialStage stage, StatusLimits limits,
        Func<TrialState, IEnumerable<string>> lines)
    {
        var trials = state.Trials.Where(trial => trial.Stage == stage).ToList();
        if (trials.Count == 0) return [];
        var more = trials.Count > limits.Failures ? [$"  and {trials.Count - limits.Failures} more"] : (string[])[];
        return [Words(stage.ToString()), .. trials.Take(limits.Failures).SelectMany(lines), .. more];
    }

    private static IEnumerable<string> Skipped(SuiteState state, TimeZoneInfo zone)
    {
        var count = state.Count(TrialStage.Skipped);
        if (count > 0)
            yield return $"skipped: {count} {(count == 1 ? "trial" : "trials")}, no time before " +
                $"{Clock(state.Skipped!.Deadline, state.Now, zone)}";
    }

    private static string Name(TrialState trial) =>
        $"{trial.Id}  {trial.Plan.Label}, {Labels.Full(trial.Plan.Condition.Backbone)}, {trial.Plan.Spec.Resolution} px, seed " +
        $"{trial.Plan.Spec.Seed}";

    private static string Attempts(TrialState trial) => trial.Attempts switch { 0 => "tried", 1 => "1 attempt", var n => $"{n} attempts" };

    /// <summary>Returns the first line, since an error may be a page long.</summary>
    private static string Why(TrialState trial) =>
        (trial.Reason is { } reason ? $": {Words(reason.ToString())}" : "")
        + (trial.Message.Length > 0 ? $": {trial.Message.Split('\n')[0].TrimEnd()}" : "");

    /// <summary>Returns "07:30", with the date if it is not today.</summary>
    internal static string Clock(DateTimeOffset moment, DateTimeOffset now, TimeZoneInfo zone)
    {
        var (there, here) = (TimeZoneInfo.ConvertTime(moment, zone), TimeZoneInfo.ConvertTime(now, zone));
        return there.ToString(there.Date == here.Date ? "HH:mm" : "yyyy-MM-dd HH:mm");
    }

    private static string Text(double? value, string format) => value?.ToString(format) ?? "n/a";
}

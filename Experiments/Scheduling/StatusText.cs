using Ablation.Experiments.Terminal;

namespace Ablation.Experiments.Scheduling;

/// <summary>Limits on how much of a suite's state is shown.</summary>
/// <param name="Look">Of the terminal.</param>
/// <param name="Failures">Number of failed and of interrupted trials that are listed; the others are counted.</param>
/// <param name="LogLines">Number of lines shown from the end of a failed trial's log.</param>
public sealed record StatusLimits(TerminalLook Look, int Failures = 5, int LogLines = 3);

/// <summary>Describes the state of a suite in lines that fit a terminal.</summary>
public static class StatusText
{
    /// <summary>Returns counts and end, a row per running trial, then runners, failed, interrupted and finished trials, and what to
    /// type.</summary>
    /// <param name="zone">Time zone of the times shown.</param>
    /// <param name="command">What runs the suite, "ablation run quick"; null if that is unknown.</param>
    public static IReadOnlyList<string> Lines(SuiteState state, TimeZoneInfo zone, StatusLimits limits, string? command = null)
    {
        var (look, standing) = (limits.Look, StandingOf.State(state, zone));
        IEnumerable<string> lines =
        [
            .. state.Tuning is { } tuning ? Lines(tuning, zone, limits) : [],
            .. StandingText.Counts(standing, $"{state.Name}   ", look, TimeZoneInfo.ConvertTime(state.Now, zone)),
            .. state.Question is null ? Wrapped("without its suite file: trials that never started are not counted", look) : [],
            .. StandingText.Rows(standing, look, hasHead: true, hasId: true),
            .. Runners(state, zone).SelectMany(line => Wrapped(line, look)),
            .. StatusProblems.Lines(state, limits),
            .. Skipped(state, zone).SelectMany(line => Wrapped(line, look)),
            .. Earlier(state).SelectMany(line => Wrapped(line, look)),
            .. Done(state, look),
            .. state.Tuning is null ? Next(state, command).SelectMany(line => Wrapped(line, look)) : [],
        ];
        return [.. lines.Select(line => look.IsTerminal ? Ink.Cut(line, look.Width) : line)];
    }

    /// <summary>Returns a stored name in words: "out of memory", "timed out", "diverged".</summary>
    public static string Words(string name) =>
        string.Concat(name.Select((c, i) => i > 0 && char.IsUpper(c)
            ? $" {char.ToLowerInvariant(c)}" : char.ToLowerInvariant(c).ToString()));

    private static IEnumerable<string> Wrapped(string line, TerminalLook look) => Fit.Wrap(line, look.Width, 4);

    private static IEnumerable<string> Earlier(SuiteState state)
    {
        if (state.Trials.Count(trial => trial.IsEarlier) is > 0 and var count)
            yield return $"{count} of them of an earlier format, without a checksum: nothing shows whether they were changed";
    }

    private static IEnumerable<string> Runners(SuiteState state, TimeZoneInfo zone)
    {
        foreach (var pool in state.Pools)
        {
            var deadline = pool.Deadline is { } until ? $", until {Clock(until, state.Now, zone)}" : "";
            var free = pool.Slots.Count(slot => slot.Trial is null) is > 0 and var count ? $", {count} free" : "";
            var devices = string.Join(", ", pool.Slots.Select(slot => slot.Device).Distinct());
            yield return $"runner on {pool.Host}, process {pool.Process}: {pool.Slots.Count} {(pool.Slots.Count == 1 ? "job" : "jobs")} " +
                $"on {devices}{free}, since {Clock(pool.Started, state.Now, zone)}{deadline}";
        }

        foreach (var pool in state.GonePools)
            yield return $"runner on {pool.Host}, process {pool.Process}: gone, last heard of {Clock(pool.Updated, state.Now, zone)}";
        var held = state.Pools.SelectMany(pool => pool.Slots).Select(slot => slot.Trial).OfType<string>().ToHashSet();
        foreach (var alone in state.Trials.Where(trial => trial.Stage == TrialStage.Running && !held.Contains(trial.Id)))
            yield return $"{alone.Plan.Label}, seed {alone.Plan.Spec.Seed} runs without a runner here: " +
                $"{(alone.Lease?.Job is { } job ? $"job {job}" : $"on {alone.Lease?.Host}")}";
    }

    private static IEnumerable<string> Skipped(SuiteState state, TimeZoneInfo zone)
    {
        var count = state.Count(TrialStage.Skipped);
        if (count > 0)
            yield return $"skipped: {count} {(count == 1 ? "trial" : "trials")}, no time before " +
                $"{Clock(state.Skipped!.Deadline, state.Now, zone)}";
    }

    /// <summary>Returns "Done: untrained 1 2 · Softmax 1 2", the losses in the order of the suite, with the seeds that are done.</summary>
    private static IEnumerable<string> Done(SuiteState state, TerminalLook look)
    {
        var done = state.Trials.Where(trial => trial.Status == "done").GroupBy(trial => trial.Plan.Label)
            .Select(loss => $"{loss.Key} {string.Join(' ', loss.Select(trial => trial.Plan.Spec.Seed).Distinct())}").ToList();
        if (done.Count == 0) return [];
        return Fit.Wrap($"Done: {string.Join(look.HasSymbols ? " · " : ", ", done)}", look.Width, 6);
    }

    private static IEnumerable<string> Next(SuiteState state, string? command)
    {
        var run = command ?? "the same run command";
        if (state.HasEnded)
            yield return state.Count(TrialStage.Failed) > 0 ? $"Nothing runs; the next run tries failed trials again: {run}"
                : state.Count(TrialStage.Damaged) > 0 ? $"Nothing runs; to run damaged trials again: {run} --redo-damaged"
                : state.Count(TrialStage.Skipped) > 0 ? $"Go on: {run}" : "Nothing is left to run";
        else if (state.Pools.Count == 0 && state.Count(TrialStage.Running) == 0)
            yield return $"{(state.Count(TrialStage.Waiting) == state.Trials.Count ? "Begin" : "Go on")}: {run}";
    }

    /// <summary>Returns "07:30", with the date if it is not today.</summary>
    internal static string Clock(DateTimeOffset moment, DateTimeOffset now, TimeZoneInfo zone)
    {
        var (there, here) = (TimeZoneInfo.ConvertTime(moment, zone), TimeZoneInfo.ConvertTime(now, zone));
        return there.ToString(there.Date == here.Date ? "HH:mm" : "yyyy-MM-dd HH:mm");
    }
}

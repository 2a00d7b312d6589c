using Ablation.Experiments.Scheduling;

namespace Ablation.Experiments.Serving;

/// <summary>What stands above the table: how far the suite is, in a sentence, and a bar.</summary>
/// <param name="Sentence">"12 of 14 trials done, 2 running, none failed. Ends about 21:10."</param>
/// <param name="Runner">Who runs it, or what to type.</param>
/// <param name="Shares">Parts of the bar in percent: done, failed, running.</param>
public sealed record LiveHead(string Sentence, string Runner, (double Done, double Failed, double Running) Shares)
{
    public static LiveHead Of(LiveSuite suite)
    {
        var (state, standing) = (suite.State, suite.Standing);
        var (counts, whole) = (standing.Counts, Math.Max(1, state.Trials.Count));
        var broken = counts.Failed + state.Count(TrialStage.Damaged);
        string[] parts =
        [
            $"{counts.Done} of {state.Trials.Count} trials done", .. counts.Running > 0 ? [$"{counts.Running} running"] : (string[])[],
            broken == 0 ? "none failed" : $"{counts.Failed} failed", .. counts.Unusual.Length > 0 ? [counts.Unusual] : (string[])[],
        ];
        var now = TimeZoneInfo.ConvertTime(state.Now, TimeZoneInfo.Local);
        var end = StandingText.End(standing.End, now);
        if (end.StartsWith("end: about ", StringComparison.Ordinal)) end = $"Ends about {end["end: about ".Length..]}";
        else if (end.Length > 0) end = char.ToUpperInvariant(end[0]) + end[1..];
        return new LiveHead(string.Join(", ", parts) + "." + (end.Length > 0 ? $" {end}." : ""), Runs(state),
            (100.0 * counts.Done / whole, 100.0 * broken / whole, 100.0 * counts.Running / whole));
    }

    private static string Runs(SuiteState state) => string.Join("; ", state.Pools.Select(pool =>
        $"run on {pool.Host}, {pool.Slots.Count} {(pool.Slots.Count == 1 ? "job" : "jobs")} on " +
        $"{string.Join(", ", pool.Slots.Select(slot => slot.Device).Distinct())}"));
}

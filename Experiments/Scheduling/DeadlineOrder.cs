using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;

namespace Ablation.Experiments.Scheduling;

/// <summary>The trials to run in the remaining time, in order, and those that are skipped.</summary>
public sealed record DeadlinePlan(IReadOnlyList<PlannedTrial> ToRun, IReadOnlyList<SkippedTrial> Skipped);

/// <summary>
/// Orders a suite for a run that may not have enough time. A comparison is all trials of one condition and seed. Half of one is of little
/// use, so it is either run completely or skipped. Comparisons already begun come first, since they are the cheapest to complete, then the
/// others in suite order (seed by seed). One that does not fit is skipped in favour of a smaller one after it. If none fits, the first is
/// started anyway: checkpoints keep the work for the next run.
/// </summary>
/// <remarks>Pure and fast: a pool calls it again whenever its estimates improve.</remarks>
public static class DeadlineOrder
{
    /// <param name="trials">All of the suite, in its order.</param>
    /// <param name="seconds">Estimate for a trial; null if unknown. A comparison with an unknown trial comes after all that are known to
    /// fit, and may not end in time.</param>
    /// <param name="settled">Ids of trials that are finished or given up.</param>
    /// <param name="running">Ids of the running trials with the seconds they still need (null: unknown). They are not part of the
    /// plan.</param>
    /// <param name="jobs">Trials at once.</param>
    /// <param name="left">Time until the deadline; null for none, and then nothing is skipped.</param>
    /// <param name="begun">Ids of trials that have a checkpoint; null for none.</param>
    /// <param name="id">Returns the id of a trial, if the caller has cached it; null to compute it.</param>
    public static DeadlinePlan Plan(IReadOnlyList<PlannedTrial> trials, Func<PlannedTrial, double?> seconds, IReadOnlySet<string> settled,
        IReadOnlyDictionary<string, double?> running, int jobs, TimeSpan? left, IReadOnlySet<string>? begun = null,
            Func<PlannedTrial, string>? id = null)
    {
        var comparisons = trials.Select(trial => (Trial: trial, Id: id?.Invoke(trial) ?? trial.Spec.Id()))
            .GroupBy(one => (one.Trial.Condition, one.Trial.Spec.Seed))
            .Select(group => (
                Open: group.Where(one => !settled.Contains(one.Id) && !running.ContainsKey(one.Id)).ToList(),
                IsBegun: group.Any(one => settled.Contains(one.Id) || running.ContainsKey(one.Id) || begun?.Contains(one.Id) == true),
                Running: group.Count(one => running.ContainsKey(one.Id))))
            .Where(comparison => comparison.Open.Count > 0)
            .OrderByDescending(comparison => comparison.IsBegun).ToList(); // a stable sort
        if (left is not { } time)
            return new DeadlinePlan([.. comparisons.SelectMany(comparison => comparison.Open).Select(one => one.Trial)], []);

        var slots = Slots(running.Values.Select(rest => rest ?? 0), jobs);
        var (fitting, unknown, skipped) = (new List<PlannedTrial>(), new List<PlannedTrial>(),
            new List<(PlannedTrial Trial, string Id, double Needs)>());
        foreach (var (open, _, _) in comparisons)
        {
            var durations = open.Select(one => seconds(one.Trial)).ToList();
            if (durations.Any(duration => duration is null))
            {
                unknown.AddRange(open.Select(one => one.Trial));
                continue;
            }

            var (after, end) = Place(slots, durations.Select(duration => duration!.Value));
            if (end <= time.TotalSeconds)
            {
                slots = after;
                fitting.AddRange(open.Select(one => one.Trial));
            }
            else
            {
                skipped.AddRange(open.Select(one => (one.Trial, one.Id, end)));
            }
        }

        // true also for a comparison that is running although it does not fit
        var alone = comparisons.FirstOrDefault(comparison => comparison.Running == running.Count);
        if (fitting.Count == 0 && unknown.Count == 0 && alone.Open is { Count: > 0 } && time > TimeSpan.Zero)
        {
            var first = (alone.Open[0].Trial.Condition, alone.Open[0].Trial.Spec.Seed);
            fitting.AddRange(skipped.Where(one => (one.Trial.Condition, one.Trial.Spec.Seed) == first).Select(one => one.Trial));
            skipped.RemoveAll(one => (one.Trial.Condition, one.Trial.Spec.Seed) == first);
        }

        return new DeadlinePlan([.. fitting, .. unknown],
            [.. skipped.Select(one => new SkippedTrial(one.Id, one.Trial.Label, one.Trial.Spec.Seed, Reason(one.Needs, time)))]);
    }

    /// <summary>Returns the seconds until the last of these trials ends when the jobs take them in order; null if a duration is
    /// unknown.</summary>
    public static double? Makespan(IEnumerable<double?> durations, int jobs)
    {
        var all = durations.ToList();
        return all.Any(duration => duration is null) ? null : Place(Slots([], jobs), all.Select(duration => duration!.Value)).End;
    }

    private static PriorityQueue<double, double> Slots(IEnumerable<double> busyUntil, int jobs)
    {
        var busy = busyUntil.OrderDescending().ToList();
        var slots = new PriorityQueue<double, double>();
        for (var i = 0; i < Math.Max(1, jobs); i++)
        {
            var free = i < busy.Count ? busy[i] : 0;
            slots.Enqueue(free, free);
        }

        return slots;
    }

    /// <summary>Assigns each trial to the job that is free first, and returns when the last of them ends.</summary>
    private static (PriorityQueue<double, double> After, double End) Place(PriorityQueue<double, double> slots,
        IEnumerable<double> durations)
    {
        var after = new PriorityQueue<double, double>(slots.UnorderedItems);
        var end = 0.0;
        foreach (var duration in durations)
        {
            var until = after.Dequeue() + duration;
            after.Enqueue(until, until);
            end = Math.Max(end, until);
        }

        return (after, end);
    }

    private static string Reason(double needs, TimeSpan left) =>
        $"no time: its comparison would have ended after {needs / 60:F0} min, {Math.Max(0, left.TotalMinutes):F0} min were left";
}

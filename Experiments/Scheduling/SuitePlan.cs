using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Harness.Planning;
using Ablation.Harness.Provenance;

namespace Ablation.Experiments.Scheduling;

/// <summary>The cost of the trials of one loss and condition, which differ only in the seed.</summary>
/// <param name="Trials">Trials to run.</param>
/// <param name="Kept">Those that are already finished.</param>
/// <param name="StepsPerSecond">Measured; null if finished trials give the length, nothing is left, or nothing is trained.</param>
/// <param name="EmbeddedPerSecond">Measured, images with their mirror images; null in the same cases.</param>
/// <param name="Estimate">Estimate for one trial; null if nothing is left.</param>
public sealed record PlannedRow(Condition Condition, string Label, int Trials, int Kept, double? StepsPerSecond, double? EmbeddedPerSecond,
    TrialEstimate? Estimate);

/// <summary>Trials, time, memory and disk of a suite before anything is trained.</summary>
/// <param name="Memory">Predicted for the condition that needs most; null if the data cannot be opened.</param>
/// <param name="Seconds">Seconds until the last trial ends, if parallel jobs do not slow each other down; null if a length is
/// unknown.</param>
/// <param name="Remarks">Assumptions behind the figures.</param>
public sealed record SuitePlan(PoolShape Shape, IReadOnlyList<PlannedRow> Rows, WorkingSet? Memory, double? Seconds, DiskPlan? Disk,
    IReadOnlyList<string> Remarks)
{
    /// <summary>Chooses how many trials of a suite this machine runs in parallel.</summary>
    /// <param name="place">Device of a trial.</param>
    /// <param name="jobs">Requested number; 0 to choose.</param>
    /// <param name="threadsPerJob">Requested number; 0 to choose.</param>
    /// <param name="memory">Memory of the largest trial; null if the data cannot be opened.</param>
    public static PoolShape ShapeOf(Suite suite, TrialPlace place, PoolMachine machine, int jobs, int threadsPerJob, OpenedData data,
        out WorkingSet? memory)
    {
        var all = suite.Trials(); // all of them: the number of trials selected or left must not change a result
        memory = MemoryPlan.Largest(all, place, data);
        return PoolShape.Choose(place.Device.type, machine, all.Count, memory?.Bytes, jobs, threadsPerJob);
    }

    /// <summary>Builds the plan from the data that can be opened and the lengths of finished trials, and measures the rest.</summary>
    /// <param name="trials">Trials of the suite to run.</param>
    /// <param name="place">Its threads are replaced by those of <paramref name="shape"/>.</param>
    public static SuitePlan Build(Suite suite, IReadOnlyList<PlannedTrial> trials, ResultStore store, TrialPlace place, PoolShape shape,
        WorkingSet? memory, SpeedCache cache, OpenedData opened)
    {
        var dataOf = SuiteData.OfTrials(suite, opened);
        // the largest of several training sets
        var data = trials.Select(dataOf).Append(dataOf(suite.Trials()[0])).MaxBy(one => one.Images ?? 0)!;
        var one = place with { Threads = shape.ThreadsPerJob };
        var speeds = new TrialSpeeds(dataOf, one, cache);
        var estimates = TrialEstimates.Estimate(trials, store, one, speeds.Seconds);
        var left = trials.Where(trial => !store.Has(trial.Spec.Id())).ToList();
        var open = left.ToHashSet<object>(ReferenceEqualityComparer.Instance);
        var rows = trials.GroupBy(trial => (trial.Condition, trial.Label)).Select(row => Row(row.Key.Condition, row.Key.Label, [.. row]))
            .ToList();
        var seconds = DeadlineOrder.Makespan(left.Where(trial => trial.Spec.Training.Epochs > 0 || data.TestImages is not null)
            .Select(trial => estimates.Estimate(trial).Seconds), shape.Jobs);
        return new SuitePlan(shape, rows, memory, seconds, DiskPlan.Estimate(left, dataOf, speeds.Steps, shape.Jobs),
            [.. Remarks()]);

        PlannedRow Row(Condition condition, string label, IReadOnlyList<PlannedTrial> own)
        {
            var next = own.FirstOrDefault(open.Contains);
            if (next is null) return new PlannedRow(condition, label, own.Count, own.Count, null, null, null);
            var estimate = estimates.Estimate(next);
            var isReckoned = estimate.Finished == 0;
            var (steps, embedded) = isReckoned
                ? (speeds.StepsPerSecond(next), speeds.EmbeddedPerSecond(next)) : ((double?)null, (double?)null);
            return new PlannedRow(condition, label, own.Count, own.Count(trial => !open.Contains(trial)), steps, embedded, estimate);
        }

        IEnumerable<string> Remarks()
        {
            var measured = rows.Where(row => row.Estimate is { Finished: 0 }).ToList();
            if (measured.Count > 0)
                yield return "speeds were measured briefly on random images: they exclude decoding and assume that parallel jobs do not " +
                    "slow each other down";
            if (measured.Count > 0 && data.Identities is null)
                yield return $"the training data are missing: {TrialSpeeds.AssumedIdentities} identities assumed for the speed of the " +
                    $"losses";
            if (measured.Count > 0 && data.TestImages is null) yield return "a test is missing: the time of the tests is not included";
            if (memory is not null && !shape.Fits(PoolMachine.This(), memory.Bytes))
                yield return "the jobs together may need more memory than 80 % of the machine's: use fewer --jobs";
            foreach (var what in SuiteCheck.NotChecked(left, opened)) yield return what;
            foreach (var problem in speeds.Problems) yield return problem;
            if (cache.Problem is { } unwritable) yield return unwritable;
        }
    }
}

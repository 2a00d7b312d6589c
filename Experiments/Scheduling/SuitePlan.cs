using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Harness.Planning;
using Ablation.Harness.Provenance;

namespace Ablation.Experiments.Scheduling;

/// <summary>What the trials of one loss and condition cost; they differ in the seed alone.</summary>
/// <param name="Trials">Trials to run.</param>
/// <param name="Kept">Of them, trials that are finished already.</param>
/// <param name="StepsPerSecond">Measured; null where finished trials give the length, nothing is left, or nothing is trained.</param>
/// <param name="EmbeddedPerSecond">Measured, images with their mirror images; null as above.</param>
/// <param name="Estimate">Of one trial; null where nothing is left.</param>
public sealed record PlannedRow(Condition Condition, string Label, int Trials, int Kept, double? StepsPerSecond, double? EmbeddedPerSecond,
    TrialEstimate? Estimate);

/// <summary>Trials, time, memory and disk of a suite before anything is trained.</summary>
/// <param name="Memory">Predicted for the condition that needs most; null where the data cannot be opened.</param>
/// <param name="Seconds">Until the last trial ends, by so many jobs that are taken not to slow each other; null where a length is
/// unknown.</param>
/// <param name="Remarks">On what the figures rest.</param>
public sealed record SuitePlan(PoolShape Shape, IReadOnlyList<PlannedRow> Rows, SuiteData Data, WorkingSet? Memory, double? Seconds,
    DiskPlan? Disk, IReadOnlyList<string> Remarks)
{
    /// <summary>How many trials of a suite this machine runs at once.</summary>
    /// <param name="place">Device of a trial.</param>
    /// <param name="jobs">Asked for; 0 to choose.</param>
    /// <param name="threadsPerJob">Asked for; 0 to choose.</param>
    /// <param name="memory">Of the largest trial; null where the data cannot be opened.</param>
    public static PoolShape ShapeOf(Suite suite, TrialPlace place, PoolMachine machine, int jobs, int threadsPerJob, OpenedData data,
        out WorkingSet? memory)
    {
        var all = suite.Trials(); // not those chosen or left, whose number must not change a result
        memory = MemoryPlan.Largest(all, place, data);
        return PoolShape.Choose(place.Device.type, machine, all.Count, memory?.Bytes, jobs, threadsPerJob);
    }

    /// <summary>Opens the data where they are there, takes the lengths of finished trials, and measures what those do not give.</summary>
    /// <param name="trials">Those of the suite that are to run.</param>
    /// <param name="place">Its threads are put at those of <paramref name="shape"/>.</param>
    public static SuitePlan Build(Suite suite, IReadOnlyList<PlannedTrial> trials, ResultStore store, TrialPlace place, PoolShape shape,
        WorkingSet? memory, SpeedCache cache, OpenedData opened)
    {
        var dataOf = SuiteData.OfTrials(suite, opened);
        // where there are several training sets: the largest
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
        return new SuitePlan(shape, rows, data, memory, seconds, DiskPlan.Estimate(left, dataOf, speeds.Steps, shape.Jobs),
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
                yield return "speeds were measured for a moment on random images: decoding is left out, and jobs side by side are taken " +
                    "not to slow each other";
            if (measured.Count > 0 && data.Identities is null)
                yield return $"the training data are not there: {TrialSpeeds.AssumedIdentities} identities assumed for the speed of the " +
                    $"losses";
            if (measured.Count > 0 && data.TestImages is null) yield return "not every test is there: the time of the tests is left out";
            if (memory is not null && !shape.Fits(PoolMachine.This(), memory.Bytes))
                yield return "the jobs together may need more memory than 80 % of the machine's: ask for fewer with --jobs";
            foreach (var what in SuiteCheck.NotChecked(left, opened)) yield return what;
            foreach (var problem in speeds.Problems) yield return problem;
            if (cache.Problem is { } unwritable) yield return unwritable;
        }
    }
}

using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Harness.Provenance;
using Ablation.Harness.Training;

namespace Ablation.Experiments.Scheduling;

/// <summary>How long a trial is thought to take.</summary>
/// <param name="Seconds">Null where neither a measurement nor finished trials give it.</param>
/// <param name="Finished">Finished trials that it is the mean of; 0 where it was reckoned from measured speeds.</param>
public sealed record TrialEstimate(double? Seconds, int Finished);

/// <summary>
/// How long a suite's trials take: the mean of finished ones that differ in the seed alone and ran on this kind of machine, device and
/// number of threads; where there are none, what measured speeds give. Immutable: <see cref="With"/> makes the next.
/// </summary>
public sealed class TrialEstimates
{
    private readonly IReadOnlyDictionary<string, IReadOnlyList<double>> finished; // by Alike
    private readonly Func<PlannedTrial, double?> reckoned;

    private TrialEstimates(IReadOnlyDictionary<string, IReadOnlyList<double>> finished, Func<PlannedTrial, double?> reckoned) =>
        (this.finished, this.reckoned) = (finished, reckoned);

    /// <param name="place">Device and threads of one trial.</param>
    /// <param name="reckoned">Asked only for trials of which no other seed is finished; null for an unknown length.</param>
    public static TrialEstimates Estimate(IEnumerable<PlannedTrial> trials, ResultStore store, TrialPlace place,
        Func<PlannedTrial, double?> reckoned)
    {
        var lengths = from trial in trials
                   let result = store.Load(trial.Spec.Id(), out _) // a damaged one gives no length
                   where result is { Status: TrialStatus.Done }
                   let origin = result.Provenance
                   where origin.Machine == Machine.Model && origin.Device == place.Device.ToString() && origin.Threads == place.Threads
                   group origin.Seconds by Alike(trial);
        return new TrialEstimates(lengths.ToDictionary(alike => alike.Key, alike => (IReadOnlyList<double>)[.. alike]), reckoned);
    }

    public TrialEstimate Estimate(PlannedTrial trial) =>
        finished.TryGetValue(Alike(trial), out var seconds)
        ? new TrialEstimate(seconds.Average(), seconds.Count) : new TrialEstimate(reckoned(trial), 0);

    /// <summary>The same with one more finished trial.</summary>
    /// <param name="seconds">That it took.</param>
    public TrialEstimates With(PlannedTrial trial, double seconds)
    {
        var more = finished.ToDictionary(one => one.Key, one => one.Value);
        more[Alike(trial)] = [.. more.GetValueOrDefault(Alike(trial)) ?? [], seconds];
        return new TrialEstimates(more, reckoned);
    }

    private static string Alike(PlannedTrial trial) => (trial.Spec with { Seed = 0 }).Id();
}

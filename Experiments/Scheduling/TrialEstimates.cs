using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Harness.Provenance;
using Ablation.Harness.Training;

namespace Ablation.Experiments.Scheduling;

/// <summary>The estimated length of a trial.</summary>
/// <param name="Seconds">Null if neither a measurement nor finished trials give it.</param>
/// <param name="Finished">Number of finished trials that it is the mean of; 0 if it comes from measured speeds.</param>
public sealed record TrialEstimate(double? Seconds, int Finished);

/// <summary>
/// Estimates how long a suite's trials take: the mean of finished trials that differ only in the seed and ran on the same machine model,
/// device and number of threads; otherwise by measured speeds. Immutable: <see cref="With"/> returns a copy.
/// </summary>
public sealed class TrialEstimates
{
    private readonly IReadOnlyDictionary<string, IReadOnlyList<double>> finished; // by Alike
    private readonly Func<PlannedTrial, double?> reckoned;

    private TrialEstimates(IReadOnlyDictionary<string, IReadOnlyList<double>> finished, Func<PlannedTrial, double?> reckoned) =>
        (this.finished, this.reckoned) = (finished, reckoned);

    /// <param name="place">Device and threads of one trial.</param>
    /// <param name="reckoned">Called only for trials of which no other seed is finished; returns null for an unknown length.</param>
    public static TrialEstimates Estimate(IEnumerable<PlannedTrial> trials, ResultStore store, TrialPlace place,
        Func<PlannedTrial, double?> reckoned)
    {
        var lengths = from trial in trials
                      let result = store.Load(trial.Spec.Id(), out _) // damaged results are ignored
                      where result is { Status: TrialStatus.Done }
                      let origin = result.Provenance
                      where origin.Machine == Machine.Model && origin.Device == place.Device.ToString() && origin.Threads == place.Threads
                      group origin.Seconds by Alike(trial);
        return new TrialEstimates(lengths.ToDictionary(alike => alike.Key, alike => (IReadOnlyList<double>)[.. alike]), reckoned);
    }

    public TrialEstimate Estimate(PlannedTrial trial) =>
        finished.TryGetValue(Alike(trial), out var seconds)
        ? new TrialEstimate(seconds.Average(), seconds.Count) : new TrialEstimate(reckoned(trial), 0);

    /// <summary>Returns a copy with one more finished trial.</summary>
    /// <param name="seconds">Its length.</param>
    public TrialEstimates With(PlannedTrial trial, double seconds)
    {
        var more = finished.ToDictionary(one => one.Key, one => one.Value);
        more[Alike(trial)] = [.. more.GetValueOrDefault(Alike(trial)) ?? [], seconds];
        return new TrialEstimates(more, reckoned);
    }

    private static string Alike(PlannedTrial trial) => (trial.Spec with { Seed = 0 }).Id();
}

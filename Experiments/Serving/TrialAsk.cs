using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Store;
using Ablation.Harness.Foundations;

namespace Ablation.Experiments.Serving;

/// <summary>Asks the run that is going on to stop, leave out or try again a trial, by a file in its folder.</summary>
internal static class TrialAsk
{
    /// <summary>Writes the request.</summary>
    /// <returns>Why it cannot be done, and what would do; null if it was written.</returns>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static string? Write(SuiteFeed feed, string id, RequestKind kind, DateTimeOffset now)
    {
        var state = feed.Now();
        if (state.Trials.FirstOrDefault(trial => trial.Id == id) is not { } trial) return $"{id}: {feed.Name} has no such trial";
        if (trial.Stage == TrialStage.Finished) return $"{id}: it is finished; ablation delete takes a result away";
        if (trial is { Stage: TrialStage.Running, Lease.Job: { } job })
            return $"{id}: it is job {job} of a cluster's queue: scancel {job} stops it, and ablation submit resumes it";
        if (state.Pools.Count == 0)
            return $"{id}: no run is going on; ablation run {feed.Name} begins one, and tries failed trials again by itself";
        AtomicFile.Write(feed.Store.Files(id).Asked, SpecJson.Write(new TrialRequest(kind, now)) + "\n");
        return null;
    }
}

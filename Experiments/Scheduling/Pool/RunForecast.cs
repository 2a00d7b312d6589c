namespace Ablation.Experiments.Scheduling.Pool;

/// <summary>When a run will end, from the first progress of its first trials on.</summary>
internal static class RunForecast
{
    /// <summary>
    /// Returns the seconds until the last trial ends, and what they come from; null until a trial has trained a step. Trials of unknown
    /// length are taken to be as long as the running ones.
    /// </summary>
    /// <param name="running">Seconds that each running trial still needs; null where unknown.</param>
    public static (double Seconds, string Ground)? Find(IEnumerable<Slot> slots, PoolQueue queue,
        IReadOnlyDictionary<string, double?> running, DateTimeOffset now)
    {
        var done = queue.Count(QueueStatus.Kept) + queue.Count(QueueStatus.Finished);
        if (queue.SecondsLeft(running) is { } known)
            return (known, done == 0 ? "guess from plan" : 2 * done < queue.Total ? $"{done} of {queue.Total}" : "");
        double[] lengths = [.. slots.Where(slot => !slot.IsFree && slot.Progress is { Step: > 0 })
            .Select(slot => running[slot.Trial!.Id] is { } left ? left + (now - slot.Started).TotalSeconds : (double?)null)
            .OfType<double>()];
        return lengths.Length > 0 && queue.SecondsLeft(running, lengths.Average()) is { } guess ? (guess, "by pace") : null;
    }
}

namespace Ablation.Experiments.Scheduling.Slurm;

/// <summary>The trials of one job array: a range of the list, counted from 0 inside the array.</summary>
/// <param name="Start">Index of the first trial in the whole list.</param>
/// <param name="Count">Number of trials, at least 1.</param>
/// <param name="Throttle">Maximum number of members that run in parallel; null for no limit.</param>
/// <param name="After">Index of the chunk that must end first; null for none.</param>
public sealed record ArrayChunk(int Start, int Count, int? Throttle, int? After = null)
{
    /// <summary>
    /// Splits the trials into as few arrays as the cluster's limit allows, whose lengths differ by at most one, and divides the parallel
    /// trials among them. The limit applies to the index, so each array counts from 0. If fewer trials may run in parallel than there are
    /// arrays, arrays wait for each other.
    /// </summary>
    /// <param name="trials">Number of trials, at least 0.</param>
    /// <param name="longest">Maximum number of members per array.</param>
    /// <param name="limit">Maximum number of parallel trials over all arrays; null for no limit.</param>
    public static IReadOnlyList<ArrayChunk> Split(int trials, int longest, int? limit)
    {
        if (longest < 1)
            throw new ArgumentException(
                $"this cluster allows job arrays of {longest} members (MaxArraySize), so none can be submitted; ask its administrator");
        if (limit < 1) throw new ArgumentException($"--limit {limit}: must be 1 or more");
        var arrays = (trials + longest - 1) / longest;
        var lanes = Math.Min(arrays, limit ?? arrays); // arrays that run in parallel
        var chunks = new List<ArrayChunk>();
        for (int i = 0, start = 0; i < arrays; i++)
        {
            var count = Share(trials, arrays, i);
            chunks.Add(new ArrayChunk(start, count, limit is { } all ? Share(all, lanes, i % lanes) : null, i < lanes ? null : i - lanes));
            start += count;
        }

        return chunks;
    }

    /// <summary>Returns part <paramref name="i"/> of <paramref name="whole"/> divided evenly; the first parts get the remainder.</summary>
    private static int Share(int whole, int parts, int i) => whole / parts + (i < whole % parts ? 1 : 0);
}

namespace Ablation.Experiments.Scheduling.Slurm;

/// <summary>Trials that one job array runs: a stretch of the list, counted from 0 inside the array.</summary>
/// <param name="Start">First trial of the whole list.</param>
/// <param name="Count">Trials, at least 1.</param>
/// <param name="Throttle">Members at once; null for no limit.</param>
/// <param name="After">The chunk that has to end first; null for none.</param>
public sealed record ArrayChunk(int Start, int Count, int? Throttle, int? After = null)
{
    /// <summary>
    /// As few arrays as the cluster's limit allows, of equal lengths but for one trial, with the trials at once divided among them.
    /// The limit is on the index, so that each array counts from 0. Where fewer trials may run at once than there are arrays,
    /// the arrays wait for each other.
    /// </summary>
    /// <param name="trials">At least 0.</param>
    /// <param name="longest">Members of an array at most.</param>
    /// <param name="limit">Trials at once over all arrays; null for no limit.</param>
    public static IReadOnlyList<ArrayChunk> Split(int trials, int longest, int? limit)
    {
        if (longest < 1)
            throw new ArgumentException(
                $"this cluster allows job arrays of {longest} members (MaxArraySize), so none can be submitted; ask its administrator");
        if (limit < 1) throw new ArgumentException($"--limit {limit}: must be 1 or more");
        var arrays = (trials + longest - 1) / longest;
        var lanes = Math.Min(arrays, limit ?? arrays); // arrays at once
        var chunks = new List<ArrayChunk>();
        for (int i = 0, start = 0; i < arrays; i++)
        {
            var count = Share(trials, arrays, i);
            chunks.Add(new ArrayChunk(start, count, limit is { } all ? Share(all, lanes, i % lanes) : null, i < lanes ? null : i - lanes));
            start += count;
        }

        return chunks;
    }

    /// <summary>
    /// The part of number <paramref name="i"/> where <paramref name="whole"/> is dealt to so many; the first ones get what is over.
    /// </summary>
    private static int Share(int whole, int parts, int i) => whole / parts + (i < whole % parts ? 1 : 0);
}

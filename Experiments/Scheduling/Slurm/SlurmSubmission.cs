using Ablation.Experiments.Store;

namespace Ablation.Experiments.Scheduling.Slurm;

/// <summary>One line of <c>submissions.jsonl</c> in a suite's folder: a job that sbatch took.</summary>
/// <param name="Job">Its id; of an array, that of the array.</param>
/// <param name="Trials">Members; 0 for a report.</param>
/// <param name="List">File in the suite's folder with one trial's id per line, by member; null for a report.</param>
/// <param name="Arguments">Of sbatch.</param>
public sealed record SlurmSubmission(DateTimeOffset Time, string Job, int Trials, string? List, IReadOnlyList<string> Arguments)
{
    private const string File = "submissions.jsonl";

    /// <summary>Every submission of the suite; none where there was none.</summary>
    public static IReadOnlyList<SlurmSubmission> All(ResultStore store) =>
        JsonLines.Read<SlurmSubmission>(Path.Combine(store.Folder, File));

    /// <exception cref="IOException">The folder cannot be written.</exception>
    public void Append(ResultStore store) => JsonLines.Append(Path.Combine(store.Folder, File), this);

    /// <summary>The members that each trial was ever submitted as, by the trial's id: ARRAY_TASK, oldest first.</summary>
    public static ILookup<string, string> MembersByTrial(ResultStore store) => All(store)
        .SelectMany(one => Trial(store, one).Select((id, index) => (id, Member: $"{one.Job}_{index}")))
        .ToLookup(pair => pair.id, pair => pair.Member);

    /// <summary>A deleted list is passed over; the trials' leases are still there.</summary>
    private static IEnumerable<string> Trial(ResultStore store, SlurmSubmission one) =>
        one.List is { } list && System.IO.File.Exists(Path.Combine(store.Folder, list))
        ? System.IO.File.ReadAllLines(Path.Combine(store.Folder, list)) : [];
}

using Ablation.Experiments.Store;

namespace Ablation.Experiments.Scheduling.Slurm;

/// <summary>One line of <c>submissions.jsonl</c> in a suite's folder: a job that sbatch accepted.</summary>
/// <param name="Job">Id of the job or the array.</param>
/// <param name="Trials">Number of members; 0 for a report.</param>
/// <param name="List">File in the suite's folder with one trial's id per line, by member; null for a report.</param>
/// <param name="Arguments">Arguments of sbatch.</param>
public sealed record SlurmSubmission(DateTimeOffset Time, string Job, int Trials, string? List, IReadOnlyList<string> Arguments)
{
    private const string File = "submissions.jsonl";

    /// <summary>Reads all submissions of the suite.</summary>
    public static IReadOnlyList<SlurmSubmission> All(ResultStore store) =>
        JsonLines.Read<SlurmSubmission>(Path.Combine(store.Folder, File));

    /// <exception cref="IOException">The folder cannot be written.</exception>
    public void Append(ResultStore store) => JsonLines.Append(Path.Combine(store.Folder, File), this);

    /// <summary>Returns all members that each trial was submitted as, by the trial's id: ARRAY_TASK, oldest first.</summary>
    public static ILookup<string, string> MembersByTrial(ResultStore store) => All(store)
        .SelectMany(one => Trial(store, one).Select((id, index) => (id, Member: $"{one.Job}_{index}")))
        .ToLookup(pair => pair.id, pair => pair.Member);

    /// <summary>Ignores a deleted list; the trials' leases still exist.</summary>
    private static IEnumerable<string> Trial(ResultStore store, SlurmSubmission one) =>
        one.List is { } list && System.IO.File.Exists(Path.Combine(store.Folder, list))
        ? System.IO.File.ReadAllLines(Path.Combine(store.Folder, list)) : [];
}

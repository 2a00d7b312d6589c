namespace Ablation.Experiments.Scheduling.Slurm;

/// <summary>A job, or a member of an array, as squeue shows it.</summary>
/// <param name="State">PENDING, RUNNING, CANCELLED, ...</param>
/// <param name="Reason">Why it waits or ended: Resources, Priority, JobHeldUser, ...</param>
public sealed record QueueMember(string State, string Reason)
{
    private static readonly string[] Ended = ["BOOT_FAIL", "CANCELLED", "COMPLETED", "DEADLINE", "FAILED", "NODE_FAIL", "OUT_OF_MEMORY",
        "PREEMPTED", "REVOKED", "TIMEOUT"];
    private static readonly string[] Stuck = ["JobHeldUser", "JobHeldAdmin", "DependencyNeverSatisfied", "BadConstraints",
        "launch failed requeued held", "job requeued in held state"];

    /// <summary>
    /// Waits, runs or is being requeued. A state that is not known here counts as one of these, so that nothing is submitted twice.
    /// </summary>
    public bool IsInQueue => !Ended.Contains(State);

    /// <summary>Waits for something that will not come by itself.</summary>
    public bool IsStuck => IsInQueue && (State is "REQUEUE_HOLD" or "SPECIAL_EXIT" || Stuck.Contains(Reason.Trim('(', ')')));
}

/// <summary>What squeue said.</summary>
/// <param name="Members">By name: ARRAY_TASK, or the job's id; null where nothing is known. A job that is not in it has ended so long ago
/// that SLURM has forgotten it.</param>
/// <param name="Problem">Why nothing is known.</param>
/// <param name="HasFailed">Whether the query failed; otherwise, with <paramref name="Problem"/>, the answer was empty.</param>
public sealed record QueueAnswer(IReadOnlyDictionary<string, QueueMember>? Members, string? Problem = null, bool HasFailed = false)
{
    /// <summary>Null where it is not known.</summary>
    public bool? IsInQueue(string name) => Members is null ? null : Members.TryGetValue(name, out var member) && member.IsInQueue;
}

/// <summary>
/// The cluster's queue. It separates waiting trials from missing ones; whether a trial is finished or failed depends on its folder alone.
/// </summary>
public static class SlurmQueue
{
    /// <summary>
    /// Asks squeue for every job. A failed query, and an empty answer, say nothing about a job: that is unknown, never failed.
    /// </summary>
    public static QueueAnswer States()
    {
        try
        {
            var answer = SlurmCommands.Run("squeue", ["-h", "-r", "-t", "all", "-o", "%i|%T|%r"]);
            return answer.Code == 0 ? Parse(answer.Output) : new QueueAnswer(null, $"squeue: {answer.Problem}", HasFailed: true);
        }
        catch (IOException e)
        {
            return new QueueAnswer(null, e.Message, HasFailed: true);
        }
    }

    /// <param name="text">Lines of "12_3|PENDING|Resources".</param>
    public static QueueAnswer Parse(string text)
    {
        var members = new Dictionary<string, QueueMember>(StringComparer.Ordinal);
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = line.Trim().Split('|', 3);
            if (parts.Length < 3 || parts[0].Length == 0 || parts[1].Length == 0)
                return new QueueAnswer(null, $"squeue answered \"{line}\", which is no job", HasFailed: true);
            members[parts[0]] = new QueueMember(parts[1], parts[2]);
        }

        return members.Count > 0 ? new QueueAnswer(members) : new QueueAnswer(null, "squeue shows no job at all");
    }
}

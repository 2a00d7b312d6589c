namespace Ablation.Experiments.Scheduling.Slurm;

/// <summary>A job, or a member of an array, as squeue shows it.</summary>
/// <param name="State">PENDING, RUNNING, CANCELLED, ...</param>
/// <param name="Reason">Why it waits or has ended: Resources, Priority, JobHeldUser, ...</param>
public sealed record QueueMember(string State, string Reason)
{
    private static readonly string[] Ended = ["BOOT_FAIL", "CANCELLED", "COMPLETED", "DEADLINE", "FAILED", "NODE_FAIL", "OUT_OF_MEMORY",
        "PREEMPTED", "REVOKED", "TIMEOUT"];
    private static readonly string[] Stuck = ["JobHeldUser", "JobHeldAdmin", "DependencyNeverSatisfied", "BadConstraints",
        "launch failed requeued held", "job requeued in held state"];

    /// <summary>
    /// Whether it waits, runs or is being requeued. An unknown state counts as one of these, so that nothing is submitted twice.
    /// </summary>
    public bool IsInQueue => !Ended.Contains(State);

    /// <summary>Whether it waits until a user releases it.</summary>
    public bool IsStuck => IsInQueue && (State is "REQUEUE_HOLD" or "SPECIAL_EXIT" || Stuck.Contains(Reason.Trim('(', ')')));
}

/// <summary>The answer of squeue.</summary>
/// <param name="Members">Members by name: ARRAY_TASK, or the job's id; null if unknown. A missing job ended so long ago that SLURM has
/// forgotten it.</param>
/// <param name="Problem">Why the members are unknown.</param>
/// <param name="HasFailed">Whether the query failed; false with a <paramref name="Problem"/> if the answer was empty.</param>
public sealed record QueueAnswer(IReadOnlyDictionary<string, QueueMember>? Members, string? Problem = null, bool HasFailed = false)
{
    /// <summary>Whether a member is in the queue; null if unknown.</summary>
    public bool? IsInQueue(string name) => Members is null ? null : Members.TryGetValue(name, out var member) && member.IsInQueue;
}

/// <summary>
/// Reads the cluster's queue, which distinguishes waiting trials from missing ones. Whether a trial is finished or failed depends only on
/// its folder.
/// </summary>
public static class SlurmQueue
{
    /// <summary>Reads every job from squeue. After a failed query or an empty answer the state of a job is unknown, never failed.</summary>
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
                return new QueueAnswer(null, $"squeue printed \"{line}\", which is not a job", HasFailed: true);
            members[parts[0]] = new QueueMember(parts[1], parts[2]);
        }

        return members.Count > 0 ? new QueueAnswer(members) : new QueueAnswer(null, "squeue shows no job at all");
    }
}

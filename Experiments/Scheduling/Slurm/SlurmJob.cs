using System.Globalization;
using Ablation.Experiments.Store;

namespace Ablation.Experiments.Scheduling.Slurm;

/// <summary>The job that this process runs in.</summary>
/// <param name="Name">ARRAY_TASK, or the job's id outside an array. Never the raw id of a member: the last member's is that of the whole
/// array.</param>
/// <param name="Restarts">How often SLURM has started the job again, by whomever it was requeued.</param>
public sealed record SlurmJob(string Name, int Restarts)
{
    /// <summary>Requeues of one member at most: a time limit that is too short for any progress must not turn for ever.</summary>
    public const int MostRequeues = 50;

    /// <summary>SIGTERM's, as .NET reports it.</summary>
    private const int Terminated = 128 + 15;

    /// <summary>Null outside SLURM.</summary>
    public static SlurmJob? Current => From(Environment.GetEnvironmentVariable);

    /// <param name="variable">Of the environment; null where it is not set.</param>
    public static SlurmJob? From(Func<string, string?> variable)
    {
        var name = variable("SLURM_ARRAY_JOB_ID") is { Length: > 0 } array && variable("SLURM_ARRAY_TASK_ID") is { Length: > 0 } task
            ? $"{array}_{task}" : variable("SLURM_JOB_ID");
        if (name is not { Length: > 0 }) return null;
        return new SlurmJob(name, int.TryParse(variable("SLURM_RESTART_COUNT"), NumberStyles.None, null, out var restarts) ? restarts : 0);
    }

    /// <summary>
    /// Has SLURM put this job back into the queue; call it when the checkpoint is saved, and exit soon after, for SLURM then sends SIGTERM.
    /// Starts of the job stand in the trial's attempts.jsonl; above <paramref name="most"/> requeues, by whomever, it is left.
    /// </summary>
    /// <param name="files">Of the trial.</param>
    /// <returns>Whether the job will run again, and in words what was done. Nothing is thrown: the checkpoint is there either
    /// way.</returns>
    public RequeueOutcome Requeue(TrialFiles files, int most = MostRequeues)
    {
        const string again = "; the same ablation submit goes on from the checkpoint";
        var before = Math.Max(Restarts, files.ReadAttempts()
            .Count(attempt => attempt.Event == AttemptEvent.Start && attempt.Job == Name) - 1);
        if (before >= most) return new RequeueOutcome(false, $"job {Name} was requeued {before} times, and {most} is the most{again}");
        try
        {
            var answer = SlurmCommands.Run("scontrol", ["requeue", Name]);
            // SLURM's SIGTERM to the whole job may reach scontrol before it has reported its end
            return answer.Code is 0 or Terminated
                ? new RequeueOutcome(true, $"job {Name} requeued, {before + 1} of at most {most} times")
                : new RequeueOutcome(false, $"scontrol requeue {Name}: {answer.Problem}{again}");
        }
        catch (IOException e)
        {
            return new RequeueOutcome(false, $"{e.Message}{again}");
        }
    }
}

/// <summary>What came of a requeue.</summary>
public sealed record RequeueOutcome(bool IsRequeued, string Message);

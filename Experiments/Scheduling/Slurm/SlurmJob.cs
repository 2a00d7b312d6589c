using System.Globalization;
using Ablation.Experiments.Store;

namespace Ablation.Experiments.Scheduling.Slurm;

/// <summary>The job that this process runs in.</summary>
/// <param name="Name">ARRAY_TASK, or the job's id outside an array. Never the raw id of a member: that of the last member is also the
/// id of the whole array.</param>
/// <param name="Restarts">How often SLURM has restarted the job, whoever requeued it.</param>
public sealed record SlurmJob(string Name, int Restarts)
{
    /// <summary>Most requeues of one member: with a time limit too short for any progress it would be requeued forever.</summary>
    public const int MostRequeues = 50;

    /// <summary>Exit code after SIGTERM, as .NET reports it.</summary>
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
    /// Asks SLURM to put this job back into the queue, and returns what happened in words. Call it when the checkpoint is saved, and exit
    /// soon after, since SLURM then sends SIGTERM. Counts the starts in the trial's attempts.jsonl; after <paramref name="most"/> requeues
    /// the job is not requeued again.
    /// </summary>
    /// <param name="files">Of the trial.</param>
    /// <returns>Never throws: the checkpoint exists either way.</returns>
    public string Requeue(TrialFiles files, int most = MostRequeues)
    {
        const string again = "; the same ablation submit resumes from the checkpoint";
        var before = Math.Max(Restarts, files.ReadAttempts()
            .Count(attempt => attempt.Event == AttemptEvent.Start && attempt.Job == Name) - 1);
        if (before >= most) return $"job {Name} was requeued {before} times, and {most} is the most{again}";
        try
        {
            var answer = SlurmCommands.Run("scontrol", ["requeue", Name]);
            // SLURM's SIGTERM to the whole job may end scontrol before it has reported success
            return answer.Code is 0 or Terminated
                ? $"job {Name} requeued, {before + 1} of at most {most} times" : $"scontrol requeue {Name}: {answer.Problem}{again}";
        }
        catch (IOException e)
        {
            return $"{e.Message}{again}";
        }
    }
}

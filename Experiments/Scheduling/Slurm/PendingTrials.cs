using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;

namespace Ablation.Experiments.Scheduling.Slurm;

/// <summary>The trials of a suite to submit, determined from their folders; the queue only adds which of them wait.</summary>
/// <param name="Trials">Trials to submit: without a result, neither queued nor running; in suite order.</param>
/// <param name="Kept">Trials with a result.</param>
/// <param name="InProgress">Trials that wait in the queue or run.</param>
/// <param name="Failed">Trials that failed with an error and are not retried.</param>
/// <param name="Exhausted">Trials without attempts left.</param>
/// <param name="Arrays">Jobs in the queue that hold trials of this suite.</param>
/// <param name="Stuck">Members that need a user to release them: "12_3 (JobHeldUser)".</param>
public sealed record PendingTrials(IReadOnlyList<PlannedTrial> Trials, int Kept, int InProgress, IReadOnlyList<PlannedTrial> Failed,
    IReadOnlyList<PlannedTrial> Exhausted,
    IReadOnlyList<string> Arrays, IReadOnlyList<string> Stuck)
{
    /// <summary>
    /// A running trial rewrites its progress every few seconds; the rest allows for different clocks and slow shared disks.
    /// </summary>
    public static readonly TimeSpan SignOfLife = TimeSpan.FromMinutes(3);

    private static readonly EndReason[] NoFault = [EndReason.Done, EndReason.Diverged, EndReason.AtChance, EndReason.Cancelled,
        EndReason.Interrupted, EndReason.LeaseLost];

    /// <param name="members">Members that each trial was submitted as, by its id: <see cref="SlurmSubmission.MembersByTrial"/>.</param>
    public static PendingTrials Select(SuiteWork work, ILookup<string, string> members, QueueAnswer queue, SlurmOptions options,
        DateTimeOffset now)
    {
        var (trials, failed, exhausted) = (new List<PlannedTrial>(), new List<PlannedTrial>(), new List<PlannedTrial>());
        var queued = work.Trials.SelectMany(trial => members[trial.Spec.Id()]).Where(member => queue.IsInQueue(member) == true).Distinct()
            .ToList();
        int kept = 0, inProgress = 0;
        foreach (var trial in work.Trials)
        {
            var id = trial.Spec.Id();
            var files = new TrialFiles(work.Store.TrialFolder(id));
            if (work.Store.Has(id)) kept++;
            else if (members[id].Any(queued.Contains) || IsRunning(files, queue, now)) inProgress++;
            else if (Faults(files) >= options.MaxAttempts) exhausted.Add(trial);
            else if (!options.RetryFailed && IsAgain(work.Store, id)) failed.Add(trial);
            else trials.Add(trial);
        }

        var stuck = queued.Where(member => queue.Members![member].IsStuck)
            .Select(member => $"{member} ({queue.Members![member].Reason.Trim('(', ')')})");
        return new PendingTrials(trials, kept, inProgress, failed, exhausted, [.. queued.Select(member => member.Split('_')[0]).Distinct()],
            [.. stuck]);
    }

    /// <summary>Whether the last attempt failed with an error that would recur.</summary>
    private static bool IsAgain(ResultStore store, string id)
    {
        try
        {
            return store.LoadFailure(id) is { Reason: not EndReason.MachineFailed };
        }
        catch (InvalidDataException)
        {
            return true; // unreadable, so the error is unknown
        }
    }

    /// <summary>Whether the lease is alive: for a job in a known queue, the queue decides, otherwise the last sign of life.</summary>
    private static bool IsRunning(TrialFiles files, QueueAnswer queue, DateTimeOffset now)
    {
        if (files.ReadLease() is not { } lease) return false;
        if (files.ReadAttempts().Any(attempt => attempt.Event == AttemptEvent.End && attempt.Token == lease.Token)) return false;
        if (lease.Job is { } job && queue.IsInQueue(job) is { } isInQueue) return isInQueue;
        var last = files.ReadProgress() is { } progress && progress.Token == lease.Token ? progress.Updated : lease.Taken;
        return now - last < SignOfLife;
    }

    /// <summary>Counts attempts that ended with an error or without a recorded end.</summary>
    private static int Faults(TrialFiles files)
    {
        var attempts = files.ReadAttempts();
        var harmless = attempts.Where(attempt => attempt.Event == AttemptEvent.End && NoFault.Contains(attempt.Reason ?? EndReason.Crashed))
            .Select(attempt => attempt.Token).ToHashSet();
        return attempts.Where(attempt => attempt.Event == AttemptEvent.Start).Select(attempt => attempt.Token).Distinct()
            .Count(token => !harmless.Contains(token));
    }
}

using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;

namespace Ablation.Experiments.Scheduling.Slurm;

/// <summary>Which trials of a suite are to be submitted, by their folders first; the queue only shows those that wait.</summary>
/// <param name="Trials">Without a result, and with nobody on them; in the order of the work.</param>
/// <param name="Kept">Trials with a result.</param>
/// <param name="InProgress">Trials that wait in the queue or run.</param>
/// <param name="Failed">Trials that failed with an error of their own and are not to be tried again.</param>
/// <param name="Exhausted">Trials whose attempts are used up.</param>
/// <param name="Arrays">Jobs in the queue that hold trials of this suite.</param>
/// <param name="Stuck">Members that wait for something that will not come by itself: "12_3 (JobHeldUser)".</param>
public sealed record PendingTrials(IReadOnlyList<PlannedTrial> Trials, int Kept, int InProgress, IReadOnlyList<PlannedTrial> Failed,
    IReadOnlyList<PlannedTrial> Exhausted,
    IReadOnlyList<string> Arrays, IReadOnlyList<string> Stuck)
{
    /// <summary>
    /// A trial that runs rewrites its progress every few seconds; this allows for clocks that differ and slow shared disks.
    /// </summary>
    public static readonly TimeSpan SignOfLife = TimeSpan.FromMinutes(3);

    private static readonly EndReason[] NoFault = [EndReason.Done, EndReason.Diverged, EndReason.AtChance, EndReason.Cancelled,
        EndReason.Interrupted, EndReason.LeaseLost];

    /// <param name="members">What each trial was submitted as, by its id: <see cref="SlurmSubmission.MembersByTrial"/>.</param>
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

    /// <summary>Whether the last attempt failed with an error that the next one would meet too.</summary>
    private static bool IsAgain(ResultStore store, string id)
    {
        try
        {
            return store.LoadFailure(id) is { Reason: not EndReason.MachineFailed };
        }
        catch (InvalidDataException)
        {
            return true; // what it was is not known
        }
    }

    /// <summary>By the lease: of a job, where the queue is known, the queue decides; else a sign of life does.</summary>
    private static bool IsRunning(TrialFiles files, QueueAnswer queue, DateTimeOffset now)
    {
        if (files.ReadLease() is not { } lease) return false;
        if (files.ReadAttempts().Any(attempt => attempt.Event == AttemptEvent.End && attempt.Token == lease.Token)) return false;
        if (lease.Job is { } job && queue.IsInQueue(job) is { } isInQueue) return isInQueue;
        var last = files.ReadProgress() is { } progress && progress.Token == lease.Token ? progress.Updated : lease.Taken;
        return now - last < SignOfLife;
    }

    /// <summary>Attempts that ended by a fault of their own, or without anyone who saw the end.</summary>
    private static int Faults(TrialFiles files)
    {
        var attempts = files.ReadAttempts();
        var harmless = attempts.Where(attempt => attempt.Event == AttemptEvent.End && NoFault.Contains(attempt.Reason ?? EndReason.Crashed))
            .Select(attempt => attempt.Token).ToHashSet();
        return attempts.Where(attempt => attempt.Event == AttemptEvent.Start).Select(attempt => attempt.Token).Distinct()
            .Count(token => !harmless.Contains(token));
    }
}

using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;

namespace Ablation.Experiments.Scheduling.Pool;

/// <summary>The state of a trial in a run.</summary>
public enum QueueStatus
{
    Waiting,
    Running,

    /// <summary>Finished before this run began, or by another process.</summary>
    Kept,
    Finished,
    GivenUp,

    /// <summary>Begun; the next run resumes it.</summary>
    Interrupted,
    TakenByOther,
}

/// <summary>A trial of a run.</summary>
/// <param name="Number">Place in the suite, from 1.</param>
public sealed record QueuedTrial(int Number, PlannedTrial Trial, string Id);

/// <summary>Chooses the next trial of a suite and keeps the state of all trials. Not thread-safe.</summary>
public sealed class PoolQueue
{
    private readonly SuiteWork work;
    private readonly RunEnd? deadline;
    private readonly int jobs;
    private readonly Dictionary<string, QueuedTrial> trials = [];
    private readonly Dictionary<string, QueueStatus> statuses = [];
    private readonly LinkedList<QueuedTrial> order = new(); // used without a deadline; with one the order is computed each time
    private readonly Dictionary<(Condition, string), double?> seconds = [];
    private readonly Dictionary<PlannedTrial, string> ids = new(ReferenceEqualityComparer.Instance); // computing an id hashes a long text
    private readonly Dictionary<string, double> done = []; // share of steps done, for trials begun by an earlier run
    private readonly TrialRequests? requests;
    private TrialEstimates estimates;

    /// <param name="requests">What people ask of single trials; null if nobody can.</param>
    public PoolQueue(SuiteWork work, TrialEstimates estimates, int jobs, RunEnd? deadline, TrialRequests? requests = null)
    {
        (this.work, this.estimates, this.jobs, this.deadline, this.requests) = (work, estimates, jobs, deadline, requests);
        foreach (var trial in work.Trials)
        {
            var id = ids[trial] = trial.Spec.Id();
            if (!trials.TryAdd(id, new QueuedTrial(trials.Count + 1, trial, id))) continue;
            statuses[id] = work.Store.Has(id) ? QueueStatus.Kept : QueueStatus.Waiting;
            var files = work.Store.Files(id);
            if (statuses[id] == QueueStatus.Kept) TidyIfKilled(files);
            else if (deadline is not null && files.CheckpointStep() is > 0 and var step)
                done[id] = files.ReadProgress() is { Steps: > 0 } progress ? Math.Min(1, (double)step / progress.Steps) : 0;
        }

        if (deadline is null)
            foreach (var trial in Plan(new Dictionary<string, double?>(), null).ToRun) order.AddLast(trials[ids[trial]]);
    }

    public int Count(QueueStatus status) => statuses.Values.Count(own => own == status);

    /// <summary>Number of trials.</summary>
    public int Total => trials.Count;

    /// <summary>Returns the estimated seconds of a trial; null if unknown.</summary>
    public double? Seconds(PlannedTrial trial)
    {
        var alike = (trial.Condition, trial.Label);
        if (!seconds.TryGetValue(alike, out var known)) seconds[alike] = known = estimates.Estimate(trial).Seconds;
        return known;
    }

    /// <summary>Returns the next trial to start and marks it as running; null if none can start now.</summary>
    /// <param name="running">Ids of the trials that run here, with the seconds that they still need.</param>
    public QueuedTrial? Next(IReadOnlyDictionary<string, double?> running)
    {
        while (Candidate(running) is { } next)
        {
            // another process may have finished it or be running it
            statuses[next.Id] = work.Store.Has(next.Id) ? QueueStatus.Kept
                : TrialLease.IsHeld(work.Store.Files(next.Id)) ? QueueStatus.TakenByOther
                : requests?.IsLeft(next.Id) == true ? QueueStatus.Interrupted : QueueStatus.Running;
            if (statuses[next.Id] == QueueStatus.Running) return next;
        }

        return null;
    }

    /// <summary>Records how an attempt ended.</summary>
    /// <param name="took">Seconds of the trial, if it is now finished.</param>
    public void End(QueuedTrial trial, NextStepKind step, double? took = null)
    {
        statuses[trial.Id] = step switch
        {
            NextStepKind.Finished => QueueStatus.Finished,
            NextStepKind.Retry => QueueStatus.Waiting,
            NextStepKind.GiveUp => QueueStatus.GivenUp,
            NextStepKind.ResumeLater => QueueStatus.Interrupted,
            _ => QueueStatus.TakenByOther,
        };
        if (step == NextStepKind.Retry) order.AddFirst(trial);
        if (took is not { } length) return;
        estimates = estimates.With(trial.Trial, length);
        seconds.Remove((trial.Trial.Condition, trial.Trial.Label));
    }

    /// <summary>Puts trials back that were given up through no fault of their own.</summary>
    public void Reopen(IEnumerable<QueuedTrial> back)
    {
        foreach (var trial in back) End(trial, NextStepKind.Retry);
    }

    /// <summary>Checks the trials of other processes again, and queues those that were abandoned, and those that are asked for.</summary>
    /// <returns>Whether there are any.</returns>
    public bool Recheck()
    {
        var freed = trials.Values.Where(trial => statuses[trial.Id] switch
        {
            QueueStatus.TakenByOther => !work.Store.Has(trial.Id) && !TrialLease.IsHeld(work.Store.Files(trial.Id)),
            QueueStatus.GivenUp or QueueStatus.Interrupted => requests?.TakeRetry(trial.Id) == true,
            _ => false,
        }).ToList();
        foreach (var trial in freed)
        {
            statuses[trial.Id] = QueueStatus.Waiting;
            order.AddLast(trial);
        }

        return freed.Count > 0;
    }

    /// <summary>Whether another process is running a trial.</summary>
    public bool OthersWork() => trials.Values.Any(trial => statuses[trial.Id] == QueueStatus.TakenByOther && !work.Store.Has(trial.Id));

    /// <summary>Returns the trials that are skipped if the run ends now.</summary>
    public IReadOnlyList<SkippedTrial> Skipped()
    {
        if (deadline is null) return [];
        var night = Plan(new Dictionary<string, double?>(), deadline.Left);
        var begunTooLate = night.ToRun.Select(trial =>
            new SkippedTrial(ids[trial], trial.Label, trial.Spec.Seed, "no time: the deadline came first"));
        return [.. night.Skipped.Concat(begunTooLate).Where(skipped => statuses[skipped.Id] == QueueStatus.Waiting)];
    }

    /// <summary>Returns the seconds until the last trial ends; null if unknown.</summary>
    /// <param name="running">As in <see cref="Next"/>.</param>
    /// <param name="otherwise">Seconds of a trial whose length is unknown; null if it stays unknown.</param>
    public double? SecondsLeft(IReadOnlyDictionary<string, double?> running, double? otherwise = null) => DeadlineOrder.Makespan(
        running.Values.Concat(trials.Values.Where(trial => statuses[trial.Id] == QueueStatus.Waiting)
            .Select(trial => Seconds(trial.Trial))).Select(length => length ?? otherwise),
            jobs);

    private QueuedTrial? Candidate(IReadOnlyDictionary<string, double?> running)
    {
        if (deadline is { Left: var left })
            return Plan(running, left).ToRun.Select(trial => trials[ids[trial]])
                .FirstOrDefault(trial => statuses[trial.Id] == QueueStatus.Waiting);
        if (order.First is not { } first) return null;
        order.RemoveFirst();
        return first.Value;
    }

    private DeadlinePlan Plan(IReadOnlyDictionary<string, double?> running, TimeSpan? left) =>
        DeadlineOrder.Plan(work.Trials, trial => Seconds(trial) * (1 - done.GetValueOrDefault(ids[trial])),
            statuses.Where(one => one.Value is not (QueueStatus.Waiting or QueueStatus.Running)).Select(one => one.Key)
                .ToHashSet(), running, jobs, left,
            done.Keys.ToHashSet(), trial => ids[trial]);

    /// <summary>Deletes the checkpoints of a process that was killed after it stored its result.</summary>
    private void TidyIfKilled(TrialFiles files)
    {
        if (File.Exists(files.Lease) && !TrialLease.IsHeld(files)) files.Abandon(work.Settings.KeepCheckpoint);
    }
}

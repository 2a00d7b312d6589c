using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Scheduling.Pool;
using Ablation.Experiments.Store;

namespace Ablation.Tests.Scheduling.Pool;

/// <summary>A pool with scripted processes: slots, retries, memory limits, deadlines, stops.</summary>
public sealed class LocalPoolTests : FourTrials
{
    [Test]
    public void Every_trial_runs_once_with_at_most_as_many_at_once_as_jobs()
    {
        var starter = new ScriptedStarter((id, _) => Finish(id));
        Assert.That(Run(starter, TwoJobs), Is.EqualTo(new RunOutcome(4, 0, 0, 0)));
        Assert.That(starter.Started.Select(start => start.Id), Is.EqualTo(Trials.Select(trial => trial.Spec.Id())), "in the suite's order");
        Assert.That(starter.MostAtOnce, Is.EqualTo(2));
        Assert.That(View.Last, Is.EqualTo((4, 0, 0)));
        Assert.That(Store.Files(Id(0)).ReadSpec(), Is.EqualTo(new StoredSpec("Softmax", Trials[0].Spec))
            .Using<StoredSpec>((a, b) => a.Label == b.Label && a.Spec.Id() == b.Spec.Id()));
    }

    [Test]
    public void Each_slot_has_its_own_device()
    {
        using var stop = new CancellationTokenSource();
        var starter = new ScriptedStarter((_, _) => null);
        View = new RecordingView(_ => { if (starter.Started.Count == 2) stop.Cancel(); });
        var devices = PoolDevice.List("cuda", 2, null);
        Assert.That(() => Run(starter, TwoJobs with { Devices = devices }, stop.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(starter.Started.Select(start => start.Device), Is.EqualTo(devices));
    }

    [Test]
    public void A_crashed_trial_is_tried_again_and_then_given_up_with_its_log()
    {
        var starter = new ScriptedStarter((id, start) =>
        {
            if (id != Id(0)) return Finish(id);
            File.AppendAllText(Store.Files(id).Log, $"last words {start}\n");
            return 139;
        });
        Assert.That(Run(starter, TinyPool.OneJob), Is.EqualTo(new RunOutcome(3, 0, 1, 0)));
        Assert.That(starter.Started.Count(start => start.Id == Id(0)), Is.EqualTo(2));
        if (!OperatingSystem.IsWindows())
            Assert.That(View.Lines[1],
                Is.EqualTo($"stopped Softmax Crashed: signal 11 (SIGSEGV); no dump could be written to {Store.TrialFolder(Id(0))}: "
                + "that needs createdump beside the .NET runtime, permission to trace a process (ptrace), and disk space; tried again " +
                    "from its last checkpoint"));
        Assert.That(View.Lines[3], Does.EndWith("given up after 2 attempts; tried again at the next run"));
        var failure = Store.LoadFailure(Id(0))!;
        Assert.That((failure.Reason, failure.Detail), Is.EqualTo((EndReason.Crashed, "last words 1\nlast words 2")));
        Assert.That(Store.Files(Id(0)).ReadAttempts()
            .Select(attempt => attempt.Reason), Is.EqualTo(new EndReason?[] { EndReason.Crashed, EndReason.Crashed }));
    }

    [Test]
    public void A_trial_above_the_memory_limit_is_killed_and_tried_again_in_pieces()
    {
        var starter = new ScriptedStarter((id, start) => id == Id(0) && start < 3 ? null : Finish(id))
        {
            Memory = id => id == Id(0)
            ? 2 << 20 : 0
        };
        Assert.That(Run(starter, TinyPool.OneJob with { TrialMemory = 1 << 20 }), Is.EqualTo(new RunOutcome(4, 0, 0, 0)));
        Assert.That(View.Lines.Where(line => line.StartsWith("stopped", StringComparison.Ordinal)), Is.EqualTo(new[]
        {
            "stopped Softmax OutOfMemory: it took 2 MiB, more than the 1 MiB that a trial may take (--trial-memory); tried again with " +
            "micro-batches in 2 pieces",
            "stopped Softmax OutOfMemory: it took 2 MiB, more than the 1 MiB that a trial may take (--trial-memory); tried again with " +
            "micro-batches in 4 pieces",
        }));
        Assert.That(MicroBatchSplit.Next(Store.Files(Id(0)), Trials[0].Spec), Is.EqualTo(4), "the trial's process reads the split from it");
        Assert.That(Store.Files(Id(0)).ReadAttempts()[0].PeakBytes, Is.EqualTo(2 << 20));
    }

    [Test]
    public void A_trial_that_stalls_is_killed()
    {
        var starter = new ScriptedStarter((id, start) => id == Id(0) && start == 1 ? null : Finish(id));
        Assert.That(Run(starter, TinyPool.OneJob with { Stall = TimeSpan.FromMilliseconds(1) }), Is.EqualTo(new RunOutcome(4, 0, 0, 0)));
        Assert.That(starter.Ended, Is.EqualTo(new[] { $"kill {Id(0)}" }));
    }

    [Test]
    public void A_trial_beyond_its_time_limit_is_stopped_then_killed_and_not_tried_again()
    {
        var starter = new ScriptedStarter((id, _) => id == Id(0) ? null : Finish(id)) { Obeys = false };
        var options = TinyPool.OneJob with { TrialTimeout = TimeSpan.FromMilliseconds(1), Grace = TimeSpan.FromMilliseconds(1) };
        Assert.That(Run(starter, options), Is.EqualTo(new RunOutcome(3, 0, 1, 0)));
        Assert.That(starter.Ended, Is.EqualTo(new[] { $"stop {Id(0)}", $"kill {Id(0)}" }));
        Assert.That(Store.LoadFailure(Id(0))!.Reason, Is.EqualTo(EndReason.TimedOut));
    }

    [Test]
    public void A_stop_stops_running_trials_and_starts_no_other()
    {
        using var stop = new CancellationTokenSource();
        View = new RecordingView(_ => stop.Cancel());
        var starter = new ScriptedStarter((_, _) => null);
        Assert.That(() => Run(starter, TinyPool.OneJob, stop.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(starter.Started, Has.Count.EqualTo(1));
        Assert.That(starter.Ended, Is.EqualTo(new[] { $"stop {Id(0)}" }));
        Assert.That(View.Lines[^1], Is.EqualTo("stopped Softmax Cancelled: the run was stopped; resumes at the next run"));
        Assert.That(Store.LoadFailure(Id(0)), Is.Null);
    }

    [Test]
    public void A_second_stop_kills_at_once()
    {
        using var stop = new CancellationTokenSource();
        using var kill = new CancellationTokenSource();
        View = new RecordingView(_ => { stop.Cancel(); kill.Cancel(); });
        var starter = new ScriptedStarter((_, _) => null) { Obeys = false };
        Assert.That(() => Run(starter, TinyPool.OneJob, stop.Token, kill.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(starter.Ended, Does.Contain($"kill {Id(0)}"));
    }

    [Test]
    public void At_the_deadline_running_trials_stop_and_the_rest_is_listed()
    {
        var starter = new ScriptedStarter((_, _) => null);
        var options = TwoJobs with { Deadline = new RunEnd(null, TimeSpan.FromSeconds(1), TimeProvider.System) };
        Assert.That(Run(starter, options, seconds: _ => 0.1), Is.EqualTo(new RunOutcome(0, 0, 0, 0, Interrupted: 2, Skipped: 2)));
        Assert.That(starter.Ended, Is.EqualTo(new[] { $"stop {Id(0)}", $"stop {Id(1)}" }));
        Assert.That(SkippedTrials.Load(Store)!.Trials.Select(trial => trial.Id), Is.EquivalentTo(new[] { Id(2), Id(3) }));

        Assert.That(Run(new ScriptedStarter((id, _) => Finish(id)), TwoJobs), Is.EqualTo(new RunOutcome(4, 0, 0, 0)));
        Assert.That(SkippedTrials.Load(Store), Is.Null);
    }

    [Test]
    public void Trials_shorter_than_estimated_leave_time_for_more()
    {
        var starter = new ScriptedStarter((id, _) => Finish(id));
        var options = TinyPool.OneJob with { Deadline = new RunEnd(null, TimeSpan.FromSeconds(3600), TimeProvider.System) };
        Assert.That(Run(starter, options, seconds: _ => 1000), Is.EqualTo(new RunOutcome(4, 0, 0, 0)),
            "finished trials correct the estimate");
    }

    [Test]
    public void If_one_comparison_fits_the_other_is_left_out()
    {
        var starter = new ScriptedStarter((_, _) => null);
        var options = TinyPool.OneJob with { Deadline = new RunEnd(null, TimeSpan.FromSeconds(2), TimeProvider.System) };
        Assert.That(Run(starter, options, seconds: _ => 0.9), Is.EqualTo(new RunOutcome(0, 0, 0, 0, Interrupted: 1, Skipped: 3)));
        Assert.That(starter.Started.Select(start => start.Id), Is.EqualTo(new[] { Id(0) }));
        Assert.That(SkippedTrials.Load(Store)!.Trials.Select(trial => (trial.Seed, trial.Label)),
            Is.EqualTo(new[] { (1, "ArcFace"), (2, "Softmax"), (2, "ArcFace") }));
    }

    [Test]
    public void An_end_recorded_by_the_trial_before_its_kill_is_not_recorded_again()
    {
        var starter = new ScriptedStarter((id, _) =>
        {
            var start = new Attempt(AttemptEvent.Start, $"token {id}", DateTimeOffset.UtcNow, "here", 1);
            JsonLines.Append(Store.Files(id).Attempts, start);
            JsonLines.Append(Store.Files(id).Attempts, start with { Event = AttemptEvent.End, Reason = EndReason.Done });
            Finish(id);
            return 137;
        });
        Assert.That(Run(starter, TinyPool.OneJob), Is.EqualTo(new RunOutcome(4, 0, 0, 0)));
        Assert.That(Store.Files(Id(0)).ReadAttempts(), Has.Count.EqualTo(2));
    }

    [Test]
    public void A_trial_interrupted_from_outside_resumes_in_the_same_run()
    {
        var starter = new ScriptedStarter((id, start) => id == Id(1) && start == 1 ? TrialExit.Interrupted : Finish(id));
        Assert.That(Run(starter, TinyPool.OneJob), Is.EqualTo(new RunOutcome(4, 0, 0, 0)));
        Assert.That(starter.Started, Has.Count.EqualTo(5));
    }
}

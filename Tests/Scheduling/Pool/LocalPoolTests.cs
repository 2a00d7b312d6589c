using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Scheduling.Pool;
using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Losses;
using Ablation.Tests.Store;

namespace Ablation.Tests.Scheduling.Pool;

/// <summary>A pool whose processes do as they are told: slots, retries, ceilings, deadlines, stops.</summary>
public sealed class LocalPoolTests
{
    private static readonly PoolOptions TwoJobs = new(2, [new PoolDevice("cpu", "cpu")]);
    private static readonly Suite Four = TinySuite.Of(new SoftmaxOptions(), new ArcFaceOptions { Scale = 8 }) with { Seeds = [1, 2] };
    private static readonly IReadOnlyList<PlannedTrial> Trials = Four.Trials();
    private TemporaryFolder folder = null!;
    private ResultStore store = null!;
    private RecordingView view = null!;

    [SetUp]
    public void Make()
    {
        store = new ResultStore((folder = new TemporaryFolder()).Path);
        view = new RecordingView();
    }

    [TearDown]
    public void Remove()
    {
        view.Dispose();
        folder.Dispose();
    }

    [Test]
    public void Every_trial_runs_once_and_no_more_at_once_than_there_are_jobs()
    {
        var starter = new ScriptedStarter((id, _) => Finish(id));
        Assert.That(Run(starter, TwoJobs), Is.EqualTo(new RunOutcome(4, 0, 0, 0)));
        Assert.That(starter.Started.Select(start => start.Id), Is.EqualTo(Trials.Select(trial => trial.Spec.Id())), "in the suite's order");
        Assert.That(starter.MostAtOnce, Is.EqualTo(2));
        Assert.That(view.Last, Is.EqualTo((4, 0, 0)));
        Assert.That(store.Files(Id(0)).ReadSpec(), Is.EqualTo(new StoredSpec("Softmax", Trials[0].Spec))
            .Using<StoredSpec>((a, b) => a.Label == b.Label && a.Spec.Id() == b.Spec.Id()));
    }

    [Test]
    public void Each_slot_has_a_device_of_its_own()
    {
        using var stop = new CancellationTokenSource();
        var starter = new ScriptedStarter((_, _) => null);
        view = new RecordingView(_ => { if (starter.Started.Count == 2) stop.Cancel(); });
        var devices = PoolDevice.List("cuda", 2, null);
        Assert.That(() => Run(starter, TwoJobs with { Devices = devices }, stop.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(starter.Started.Select(start => start.Device), Is.EqualTo(devices));
    }

    [Test]
    public void A_crash_is_tried_again_and_then_given_up_with_its_log()
    {
        var starter = new ScriptedStarter((id, start) =>
        {
            if (id != Id(0)) return Finish(id);
            File.AppendAllText(store.Files(id).Log, $"last words {start}\n");
            return 139;
        });
        Assert.That(Run(starter, TinyPool.OneJob), Is.EqualTo(new RunOutcome(3, 0, 1, 0)));
        Assert.That(starter.Started.Count(start => start.Id == Id(0)), Is.EqualTo(2));
        if (!OperatingSystem.IsWindows())
            Assert.That(view.Lines[1],
                Is.EqualTo($"stopped Softmax Crashed: signal 11 (SIGSEGV); no dump could be written to {store.TrialFolder(Id(0))}: "
                + "that needs createdump beside the .NET runtime, permission to trace a process (ptrace), and disk space; tried again " +
                    "from its last checkpoint"));
        Assert.That(view.Lines[3], Does.EndWith("given up after 2 attempts; tried again at the next run"));
        var failure = store.LoadFailure(Id(0))!;
        Assert.That((failure.Reason, failure.Detail), Is.EqualTo((EndReason.Crashed, "last words 1\nlast words 2")));
        Assert.That(store.Files(Id(0)).ReadAttempts()
            .Select(attempt => attempt.Reason), Is.EqualTo(new EndReason?[] { EndReason.Crashed, EndReason.Crashed }));
    }

    [Test]
    public void One_above_the_ceiling_is_ended_and_tried_again_in_pieces()
    {
        var starter = new ScriptedStarter((id, start) => id == Id(0) && start < 3 ? null : Finish(id))
        {
            Memory = id => id == Id(0)
            ? 2 << 20 : 0
        };
        Assert.That(Run(starter, TinyPool.OneJob with { TrialMemory = 1 << 20 }), Is.EqualTo(new RunOutcome(4, 0, 0, 0)));
        Assert.That(view.Lines.Where(line => line.StartsWith("stopped", StringComparison.Ordinal)), Is.EqualTo(new[]
        {
            "stopped Softmax OutOfMemory: it took 2 MiB, more than the 1 MiB that a trial may take (--trial-memory); tried again with " +
            "micro-batches in 2 pieces",
            "stopped Softmax OutOfMemory: it took 2 MiB, more than the 1 MiB that a trial may take (--trial-memory); tried again with " +
            "micro-batches in 4 pieces",
        }));
        Assert.That(MicroBatchSplit.Next(store.Files(Id(0)), Trials[0].Spec), Is.EqualTo(4), "the trial's process reads it from there");
        Assert.That(store.Files(Id(0)).ReadAttempts()[0].PeakBytes, Is.EqualTo(2 << 20));
    }

    [Test]
    public void One_that_stands_still_is_ended()
    {
        var starter = new ScriptedStarter((id, start) => id == Id(0) && start == 1 ? null : Finish(id));
        Assert.That(Run(starter, TinyPool.OneJob with { Stall = TimeSpan.FromMilliseconds(1) }), Is.EqualTo(new RunOutcome(4, 0, 0, 0)));
        Assert.That(starter.Ended, Is.EqualTo(new[] { $"kill {Id(0)}" }));
    }

    [Test]
    public void One_that_had_its_time_is_asked_and_then_ended_and_not_tried_again()
    {
        var starter = new ScriptedStarter((id, _) => id == Id(0) ? null : Finish(id)) { Obeys = false };
        var options = TinyPool.OneJob with { TrialTimeout = TimeSpan.FromMilliseconds(1), Grace = TimeSpan.FromMilliseconds(1) };
        Assert.That(Run(starter, options), Is.EqualTo(new RunOutcome(3, 0, 1, 0)));
        Assert.That(starter.Ended, Is.EqualTo(new[] { $"stop {Id(0)}", $"kill {Id(0)}" }));
        Assert.That(store.LoadFailure(Id(0))!.Reason, Is.EqualTo(EndReason.TimedOut));
    }

    [Test]
    public void A_stop_asks_the_running_and_begins_no_other()
    {
        using var stop = new CancellationTokenSource();
        view = new RecordingView(_ => stop.Cancel());
        var starter = new ScriptedStarter((_, _) => null);
        Assert.That(() => Run(starter, TinyPool.OneJob, stop.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(starter.Started, Has.Count.EqualTo(1));
        Assert.That(starter.Ended, Is.EqualTo(new[] { $"stop {Id(0)}" }));
        Assert.That(view.Lines[^1], Is.EqualTo("stopped Softmax Cancelled: the run was stopped; resumes at the next run"));
        Assert.That(store.LoadFailure(Id(0)), Is.Null);
    }

    [Test]
    public void A_second_stop_waits_for_nothing()
    {
        using var stop = new CancellationTokenSource();
        using var kill = new CancellationTokenSource();
        view = new RecordingView(_ => { stop.Cancel(); kill.Cancel(); });
        var starter = new ScriptedStarter((_, _) => null) { Obeys = false };
        Assert.That(() => Run(starter, TinyPool.OneJob, stop.Token, kill.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(starter.Ended, Does.Contain($"kill {Id(0)}"));
    }

    [Test]
    public void At_the_deadline_the_running_stop_and_the_rest_is_listed()
    {
        var starter = new ScriptedStarter((_, _) => null);
        var options = TwoJobs with { Deadline = new RunEnd(null, TimeSpan.FromSeconds(1), TimeProvider.System) };
        Assert.That(Run(starter, options, seconds: _ => 0.1), Is.EqualTo(new RunOutcome(0, 0, 0, 0, Interrupted: 2, Skipped: 2)));
        Assert.That(starter.Ended, Is.EqualTo(new[] { $"stop {Id(0)}", $"stop {Id(1)}" }));
        Assert.That(SkippedTrials.Load(store)!.Trials.Select(trial => trial.Id), Is.EquivalentTo(new[] { Id(2), Id(3) }));

        Assert.That(Run(new ScriptedStarter((id, _) => Finish(id)), TwoJobs), Is.EqualTo(new RunOutcome(4, 0, 0, 0)));
        Assert.That(SkippedTrials.Load(store), Is.Null);
    }

    [Test]
    public void A_night_whose_trials_turn_out_shorter_takes_more()
    {
        var starter = new ScriptedStarter((id, _) => Finish(id));
        var options = TinyPool.OneJob with { Deadline = new RunEnd(null, TimeSpan.FromSeconds(3600), TimeProvider.System) };
        Assert.That(Run(starter, options, seconds: _ => 1000), Is.EqualTo(new RunOutcome(4, 0, 0, 0)),
            "finished trials tell that they are shorter than was thought");
    }

    [Test]
    public void A_night_that_holds_one_comparison_leaves_the_other_out()
    {
        var starter = new ScriptedStarter((_, _) => null);
        var options = TinyPool.OneJob with { Deadline = new RunEnd(null, TimeSpan.FromSeconds(2), TimeProvider.System) };
        Assert.That(Run(starter, options, seconds: _ => 0.9), Is.EqualTo(new RunOutcome(0, 0, 0, 0, Interrupted: 1, Skipped: 3)));
        Assert.That(starter.Started.Select(start => start.Id), Is.EqualTo(new[] { Id(0) }));
        Assert.That(SkippedTrials.Load(store)!.Trials.Select(trial => (trial.Seed, trial.Label)),
            Is.EqualTo(new[] { (1, "ArcFace"), (2, "Softmax"), (2, "ArcFace") }));
    }

    [Test]
    public void An_end_that_the_trial_told_before_it_was_killed_is_not_told_again()
    {
        var starter = new ScriptedStarter((id, _) =>
        {
            var start = new Attempt(AttemptEvent.Start, $"token {id}", DateTimeOffset.UtcNow, "here", 1);
            JsonLines.Append(store.Files(id).Attempts, start);
            JsonLines.Append(store.Files(id).Attempts, start with { Event = AttemptEvent.End, Reason = EndReason.Done });
            Finish(id);
            return 137;
        });
        Assert.That(Run(starter, TinyPool.OneJob), Is.EqualTo(new RunOutcome(4, 0, 0, 0)));
        Assert.That(store.Files(Id(0)).ReadAttempts(), Has.Count.EqualTo(2));
    }

    [Test]
    public void An_interruption_that_the_pool_did_not_ask_for_goes_on_in_the_same_run()
    {
        var starter = new ScriptedStarter((id, start) => id == Id(1) && start == 1 ? TrialExit.Interrupted : Finish(id));
        Assert.That(Run(starter, TinyPool.OneJob), Is.EqualTo(new RunOutcome(4, 0, 0, 0)));
        Assert.That(starter.Started, Has.Count.EqualTo(5));
    }

    [Test]
    public void A_device_that_fails_every_trial_gets_no_more_and_its_trials_are_tried_elsewhere()
    {
        var suite = Four with { Seeds = [1, 2, 3, 4, 5, 6] };
        var gpus = PoolDevice.List("cuda", 2, null);
        ScriptedStarter starter = null!;
        starter = new ScriptedStarter((id, _) =>
        {
            if (starter.Started[^1].Device == gpus[1]) return TrialExit.Usage;
            store.Save(ExampleOutput.Of(suite.Trials().Single(trial => trial.Spec.Id() == id).Spec, "any", 1));
            return TrialExit.Finished;
        });
        Assert.That(TinyPool.Run(suite, suite.Trials(), store, view, TwoJobs with { Devices = gpus }, starter),
            Is.EqualTo(new RunOutcome(12, 0, 0, 0)));
        Assert.That(starter.Started.Count(start => start.Device == gpus[1]), Is.EqualTo(3));
        Assert.That(view.Lines, Has.One.Contains("cuda:1: 3 trials failed there in a row while others finished elsewhere"));
    }

    [Test]
    public void A_process_that_does_not_end_though_it_was_killed_holds_nobody_up()
    {
        var starter = new ScriptedStarter((id, _) => id == Id(0) ? null : Finish(id)) { Dies = false };
        var options = TwoJobs with { Stall = TimeSpan.FromMilliseconds(1), Grace = TimeSpan.FromMilliseconds(1) };
        Assert.That(Run(starter, options), Is.EqualTo(new RunOutcome(3, 0, 1, 0)));
        Assert.That(view.Lines, Has.One.Contains("does not end after it was killed"));
    }

    [Test]
    public void With_no_slot_left_the_run_ends_with_an_error()
    {
        var starter = new ScriptedStarter((_, _) => null) { Dies = false };
        var options = TinyPool.OneJob with { Stall = TimeSpan.FromMilliseconds(1), Grace = TimeSpan.FromMilliseconds(1) };
        Assert.That(() => Run(starter, options), Throws.InstanceOf<IOException>().With.Message.Contains("no slot is left"));
        Assert.That(starter.Started, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_system_that_cannot_start_a_process_is_asked_again()
    {
        var starter = new ScriptedStarter((id, start) => start == 1 && id == Id(0)
            ? throw new TrialStartException("no processes left", new InvalidOperationException()) : Finish(id));
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(2)); // the pause is longer
        Assert.That(() => Run(starter, TinyPool.OneJob, stop.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(view.Lines, Is.EqualTo(new[] { "no processes left" }));
    }

    [TestCase(1)]
    [TestCase(2, Description = "both free their slots")]
    public void A_store_that_trials_could_not_write_stops_the_run(int jobs)
    {
        var starter = new ScriptedStarter((id, _) => TrialExit.StoreUnwritable);
        Assert.That(() => Run(starter, TwoJobs with { Jobs = jobs }),
            Throws.InstanceOf<IOException>().With.Message.Contains(store.TrialFolder(Id(0))));
        Assert.That(view.Lines.Count(line => line.StartsWith("stopped", StringComparison.Ordinal)), Is.EqualTo(jobs));
    }

    private RunOutcome Run(ScriptedStarter starter, PoolOptions options, CancellationToken stop = default, CancellationToken kill = default,
        Func<PlannedTrial, double?>? seconds = null) =>
        TinyPool.Run(Four, Trials, store, view, options, starter, stop, kill, seconds);

    private static string Id(int trial) => Trials[trial].Spec.Id();

    private int Finish(string id)
    {
        var trial = Trials.Single(one => one.Spec.Id() == id);
        store.Save(ExampleOutput.Of(trial.Spec, trial.Label, 1));
        return TrialExit.Finished;
    }
}

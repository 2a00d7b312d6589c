using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Store;
using static Ablation.Tests.Scheduling.HandMadeSuite;

namespace Ablation.Tests.Scheduling;

/// <summary>The state of each trial, read from files that the tests write.</summary>
public sealed class SuiteStateTests
{
    private HandMadeSuite made = null!;

    [SetUp]
    public void Make() => made = new HandMadeSuite();

    [TearDown]
    public void Remove() => made.Dispose();

    [Test]
    public void A_suite_that_never_ran_is_waiting()
    {
        var state = made.Read();
        Assert.That(state.Trials.Select(trial => trial.Stage), Is.All.EqualTo(TrialStage.Waiting).And.Exactly(9).Items);
        Assert.That((state.HasEnded, state.Pools.Count, TrialLengths.Estimate(state).End()), Is.EqualTo((false, 0, (DateTimeOffset?)null)));
    }

    [Test]
    public void A_result_gives_status_and_seconds()
    {
        made.Finish("Softmax", 1, 12.5);
        made.Finish("ArcFace", 1, 40, diverged: true);
        Assert.That((made.StateOf("Softmax", 1).Status, made.StateOf("Softmax", 1).Seconds), Is.EqualTo(("done", 12.5)));
        Assert.That((made.StateOf("ArcFace", 1).Stage, made.StateOf("ArcFace", 1).Status), Is.EqualTo((TrialStage.Finished, "diverged")));
    }

    [Test]
    public void A_process_counts_as_running_for_a_minute_after_its_last_update([Values(0, 60, 61)] int silence)
    {
        made.Begin("Softmax", 1, "a", Now.AddMinutes(-10));
        made.Progress("Softmax", 1, "a", 100, Now.AddMinutes(-10), Now.AddSeconds(-silence));
        Assert.That(made.StateOf("Softmax", 1).Stage, Is.EqualTo(silence <= 60 ? TrialStage.Running : TrialStage.Interrupted));
    }

    [Test]
    public void A_process_with_only_a_lease_is_running_and_old_progress_does_not_count()
    {
        made.Begin("Softmax", 1, "old", Now.AddHours(-2));
        made.Progress("Softmax", 1, "old", 100, Now.AddHours(-2), Now.AddSeconds(-30));
        made.Begin("Softmax", 1, "new", Now.AddSeconds(-5), fromStep: 80);
        var state = made.StateOf("Softmax", 1);
        Assert.That((state.Stage, state.Progress, state.Attempts, state.FromStep),
            Is.EqualTo((TrialStage.Running, (TrialProgress?)null, 2, 80L)));
    }

    [Test]
    public void The_recorded_end_of_an_attempt_overrides_a_recent_update()
    {
        made.Begin("Softmax", 1, "a", Now.AddMinutes(-10));
        made.Progress("Softmax", 1, "a", 100, Now.AddMinutes(-10), Now.AddSeconds(-1));
        made.EndAttempt("Softmax", 1, "a", EndReason.Interrupted);
        made.Checkpoint("Softmax", 1, 60);
        made.Checkpoint("Softmax", 1, 100);
        made.Checkpoint("Softmax", 1, 20);
        var state = made.StateOf("Softmax", 1);
        Assert.That((state.Stage, state.Reason, state.Checkpoint), Is.EqualTo((TrialStage.Interrupted, EndReason.Interrupted, 100L)));
    }

    [TestCase(EndReason.Crashed, TrialStage.Failed)]
    [TestCase(EndReason.MachineFailed, TrialStage.Failed)]
    [TestCase(EndReason.OutOfMemory, TrialStage.Failed)]
    [TestCase(EndReason.TimedOut, TrialStage.Failed)]
    [TestCase(EndReason.Failed, TrialStage.Failed)]
    [TestCase(EndReason.Cancelled, TrialStage.Interrupted)]
    [TestCase(EndReason.Interrupted, TrialStage.Interrupted)]
    [TestCase(EndReason.LeaseLost, TrialStage.Interrupted)]
    public void The_last_attempts_reason_distinguishes_failed_from_interrupted(EndReason reason, TrialStage stage)
    {
        made.Begin("Softmax", 1, "a", Now.AddMinutes(-10));
        made.EndAttempt("Softmax", 1, "a", EndReason.Interrupted);
        made.Begin("Softmax", 1, "b", Now.AddMinutes(-5));
        made.EndAttempt("Softmax", 1, "b", reason, "what was seen");
        var state = made.StateOf("Softmax", 1);
        Assert.That((state.Stage, state.Attempts, state.Reason, state.Message), Is.EqualTo((stage, 2, reason, "what was seen")));
    }

    [Test]
    public void A_recorded_failure_counts_until_a_later_attempt_ends_otherwise()
    {
        made.Fail("Softmax", 1, "k is too large", Now.AddMinutes(-5));
        Assert.That((made.StateOf("Softmax", 1).Stage, made.StateOf("Softmax", 1).Message),
            Is.EqualTo((TrialStage.Failed, "k is too large")));
        made.Begin("Softmax", 1, "b", Now.AddMinutes(-4));
        Assert.That(made.StateOf("Softmax", 1).Stage, Is.EqualTo(TrialStage.Failed), "its process died without a record");
        made.EndAttempt("Softmax", 1, "b", EndReason.Cancelled);
        Assert.That(made.StateOf("Softmax", 1).Stage, Is.EqualTo(TrialStage.Interrupted));
    }

    [Test]
    public void Trials_left_out_by_the_last_run_are_skipped_unless_started()
    {
        new SkippedTrials(Now.AddHours(-1), Now,
            [.. new[] { 1, 2, 3 }.Select(seed => new SkippedTrial(made.Id("Softmax", seed), "Softmax", seed, "no time: so"))])
                .Save(made.Store);
        made.Begin("Softmax", 2, "a", Now.AddHours(-2));
        made.Finish("Softmax", 3);
        Assert.That(new[] { 1, 2, 3 }.Select(seed => made.StateOf("Softmax", seed).Stage),
            Is.EqualTo(new[] { TrialStage.Skipped, TrialStage.Interrupted, TrialStage.Finished }));
        Assert.That(made.StateOf("ArcFace", 1).Stage, Is.EqualTo(TrialStage.Waiting));
    }

    [TestCase("{ \"label\": \"Softmax\"", "")]
    [TestCase("{ \"label\": \"Softmax\" }", "status is missing")]
    [TestCase("[]", "not an object")]
    public void A_damaged_result_does_not_count_as_finished(string text, string why)
    {
        made.Finish("Softmax", 1);
        File.WriteAllText(Path.Combine(made.Files("Softmax", 1).Folder, "result.json"), text);
        var state = made.StateOf("Softmax", 1);
        Assert.That((state.Stage, state.Status), Is.EqualTo((TrialStage.Damaged, (string?)null)));
        Assert.That(state.Message, Does.Contain(why).And.Contains("result.json").And.Contains("to run the trial again"));
    }

    [Test]
    public void A_dead_runner_is_shown_only_if_it_left_trials()
    {
        made.Finish("Softmax", 1);
        made.Pool("young", Now.AddSeconds(-60), made.Slot(0, "Softmax", 1));
        made.Pool("gone", Now.AddSeconds(-61), made.Slot(0, "ArcFace", 1));
        made.Pool("done", Now.AddSeconds(-61), made.Slot(0, "Softmax", 1));
        File.WriteAllText(Path.Combine(made.Store.Folder, "pools", "torn.json"), "{");
        var state = made.Read();
        Assert.That((state.Pools.Single().Token, state.GonePools.Single().Token), Is.EqualTo(("young", "gone")));
    }

    [Test]
    public void A_suite_has_ended_when_no_trial_can_still_change()
    {
        foreach (var plan in made.Trials) made.Finish(plan.Label, plan.Spec.Seed);
        Assert.That(made.Read().HasEnded);
        Directory.Delete(made.Files("ArcFace", 2).Folder, recursive: true);
        Assert.That(made.Read().HasEnded, Is.False);
        made.Fail("ArcFace", 2, "no", Now);
        Assert.That(made.Read().HasEnded);
        made.Pool("young", Now, made.Slot(0, "ArcFace", 2));
        Assert.That(made.Read().HasEnded, Is.False, "the trial may be tried again");
    }

    [Test]
    public void A_results_folder_shows_started_trials_without_the_suite_file()
    {
        made.Finish("Softmax", 1, 12.5);
        made.Begin("ArcFace", 2, "a", Now.AddSeconds(-5));
        Directory.CreateDirectory(made.Store.TrialFolder("0123456789ab")); // never started
        var state = SuiteState.Read(made.Store, Now);
        Assert.That((state.Name, state.Question), Is.EqualTo(("made", (string?)null)));
        Assert.That(state.Trials.Select(trial => (trial.Id, trial.Plan.Label, trial.Plan.Spec.Seed, trial.Stage, trial.Seconds)),
            Is.EqualTo(new[]
        {
            (made.Id("Softmax", 1), "Softmax", 1, TrialStage.Finished, (double?)12.5),
            (made.Id("ArcFace", 2), "ArcFace", 2, TrialStage.Running, null),
        }));
        Assert.That(state.Trials[0].Plan.Condition, Is.SameAs(state.Trials[1].Plan.Condition), "they are in one table");
    }
}

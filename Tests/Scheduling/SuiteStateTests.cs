using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Store;
using static Ablation.Tests.Scheduling.HandMadeSuite;

namespace Ablation.Tests.Scheduling;

/// <summary>What the files of a suite say of each trial, made by hand.</summary>
public sealed class SuiteStateTests
{
    private HandMadeSuite made = null!;

    [SetUp]
    public void Make() => made = new HandMadeSuite();

    [TearDown]
    public void Remove() => made.Dispose();

    [Test]
    public void A_suite_that_never_ran_waits()
    {
        var state = made.Read();
        Assert.That(state.Trials.Select(trial => trial.Stage), Is.All.EqualTo(TrialStage.Waiting).And.Exactly(9).Items);
        Assert.That((state.HasEnded, state.Pools.Count, TrialLengths.Estimate(state).End()), Is.EqualTo((false, 0, (DateTimeOffset?)null)));
    }

    [Test]
    public void A_result_is_told_by_its_status_and_seconds()
    {
        made.Finish("Softmax", 1, 12.5);
        made.Finish("ArcFace", 1, 40, diverged: true);
        Assert.That((made.StateOf("Softmax", 1).Status, made.StateOf("Softmax", 1).Seconds), Is.EqualTo(("done", 12.5)));
        Assert.That((made.StateOf("ArcFace", 1).Stage, made.StateOf("ArcFace", 1).Status), Is.EqualTo((TrialStage.Finished, "diverged")));
    }

    [Test]
    public void A_process_counts_as_running_while_it_was_heard_of_within_a_minute([Values(0, 60, 61)] int silence)
    {
        made.Begin("Softmax", 1, "a", Now.AddMinutes(-10));
        made.Progress("Softmax", 1, "a", 100, Now.AddMinutes(-10), Now.AddSeconds(-silence));
        Assert.That(made.StateOf("Softmax", 1).Stage, Is.EqualTo(silence <= 60 ? TrialStage.Running : TrialStage.Interrupted));
    }

    [Test]
    public void A_process_that_has_only_its_lease_runs_and_old_progress_is_not_its_own()
    {
        made.Begin("Softmax", 1, "old", Now.AddHours(-2));
        made.Progress("Softmax", 1, "old", 100, Now.AddHours(-2), Now.AddSeconds(-30));
        made.Begin("Softmax", 1, "new", Now.AddSeconds(-5), fromStep: 80);
        var state = made.StateOf("Softmax", 1);
        Assert.That((state.Stage, state.Progress, state.Attempts, state.FromStep),
            Is.EqualTo((TrialStage.Running, (TrialProgress?)null, 2, 80L)));
    }

    [Test]
    public void The_noted_end_of_an_attempt_counts_more_than_a_young_sign_of_life()
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
    public void The_last_attempts_reason_tells_failed_from_interrupted(EndReason reason, TrialStage stage)
    {
        made.Begin("Softmax", 1, "a", Now.AddMinutes(-10));
        made.EndAttempt("Softmax", 1, "a", EndReason.Interrupted);
        made.Begin("Softmax", 1, "b", Now.AddMinutes(-5));
        made.EndAttempt("Softmax", 1, "b", reason, "what was seen");
        var state = made.StateOf("Softmax", 1);
        Assert.That((state.Stage, state.Attempts, state.Reason, state.Message), Is.EqualTo((stage, 2, reason, "what was seen")));
    }

    [Test]
    public void A_noted_failure_is_failed_until_a_later_attempt_ends_otherwise()
    {
        made.Fail("Softmax", 1, "k is too large", Now.AddMinutes(-5));
        Assert.That((made.StateOf("Softmax", 1).Stage, made.StateOf("Softmax", 1).Message),
            Is.EqualTo((TrialStage.Failed, "k is too large")));
        made.Begin("Softmax", 1, "b", Now.AddMinutes(-4));
        Assert.That(made.StateOf("Softmax", 1).Stage, Is.EqualTo(TrialStage.Failed), "its process is gone without a word");
        made.EndAttempt("Softmax", 1, "b", EndReason.Cancelled);
        Assert.That(made.StateOf("Softmax", 1).Stage, Is.EqualTo(TrialStage.Interrupted));
    }

    [Test]
    public void What_the_last_run_left_out_is_skipped_unless_it_was_begun()
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
    public void A_damaged_result_is_no_finished_trial(string text, string why)
    {
        made.Finish("Softmax", 1);
        File.WriteAllText(Path.Combine(made.Files("Softmax", 1).Folder, "result.json"), text);
        var state = made.StateOf("Softmax", 1);
        Assert.That((state.Stage, state.Status), Is.EqualTo((TrialStage.Damaged, (string?)null)));
        Assert.That(state.Message, Does.Contain(why).And.Contains("result.json").And.Contains("to run the trial again"));
    }

    [Test]
    public void Runners_are_young_or_gone_and_a_gone_one_matters_only_for_what_it_left()
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
    public void A_suite_has_ended_when_nothing_is_to_be_waited_for()
    {
        foreach (var plan in made.Trials) made.Finish(plan.Label, plan.Spec.Seed);
        Assert.That(made.Read().HasEnded);
        Directory.Delete(made.Files("ArcFace", 2).Folder, recursive: true);
        Assert.That(made.Read().HasEnded, Is.False);
        made.Fail("ArcFace", 2, "no", Now);
        Assert.That(made.Read().HasEnded);
        made.Pool("young", Now, made.Slot(0, "ArcFace", 2));
        Assert.That(made.Read().HasEnded, Is.False, "it may be tried again");
    }

    [Test]
    public void A_results_folder_tells_what_was_begun_without_its_suite()
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
        Assert.That(state.Trials[0].Plan.Condition, Is.SameAs(state.Trials[1].Plan.Condition), "they make one table");
    }
}

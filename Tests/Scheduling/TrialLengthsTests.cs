using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Store;
using static Ablation.Tests.Scheduling.HandMadeSuite;

namespace Ablation.Tests.Scheduling;

/// <summary>When trials and suites end, by what is finished and what runs.</summary>
public sealed class TrialLengthsTests
{
    private HandMadeSuite made = null!;

    [SetUp]
    public void Make() => made = new HandMadeSuite();

    [TearDown]
    public void Remove() => made.Dispose();

    [Test]
    public void A_trial_takes_what_its_loss_took_else_its_condition_else_nothing_is_told()
    {
        Assert.That(TrialLengths.Estimate(made.Read()).Estimate(made.Plan("Softmax", 1)), Is.Null);
        made.Finish("Softmax", 1, 100);
        made.Finish("Softmax", 2, 140);
        made.Finish("untrained", 1, 2);
        var lengths = TrialLengths.Estimate(made.Read());
        Assert.That(lengths.Estimate(made.Plan("Softmax", 3)), Is.EqualTo(120));
        Assert.That(lengths.Estimate(made.Plan("ArcFace", 3)), Is.EqualTo(120), "the untrained network tells nothing of a training");
        Assert.That(lengths.Estimate(made.Plan("untrained", 3)), Is.EqualTo(2));
        Assert.That(lengths.Known, Is.EqualTo(3));
    }

    [Test]
    public void A_diverged_trial_tells_no_length()
    {
        made.Finish("Softmax", 1, 5, diverged: true);
        Assert.That(TrialLengths.Estimate(made.Read()).Estimate(made.Plan("Softmax", 2)), Is.Null);
    }

    [Test]
    public void A_running_trial_ends_by_the_pace_of_its_attempt()
    {
        made.Begin("Softmax", 1, "a", Now.AddSeconds(-100), fromStep: 100);
        made.Progress("Softmax", 1, "a", 200, Now.AddSeconds(-100), Now);
        Assert.That(TrialLengths.Estimate(made.Read())
            .Rest(made.StateOf("Softmax", 1)), Is.EqualTo(300), "100 steps in 100 s, 300 of 500 are left");
    }

    [Test]
    public void The_tests_after_a_training_are_told_by_finished_trials_alone()
    {
        made.Begin("Softmax", 1, "a", Now.AddSeconds(-100));
        made.Progress("Softmax", 1, "a", 500, Now.AddSeconds(-100), Now, TrialPhase.Evaluating);
        Assert.That(TrialLengths.Estimate(made.Read()).Rest(made.StateOf("Softmax", 1)), Is.Null);
        made.Finish("Softmax", 2, 130);
        Assert.That(TrialLengths.Estimate(made.Read()).Rest(made.StateOf("Softmax", 1)), Is.EqualTo(30));
        made.Finish("Softmax", 2, 90);
        Assert.That(TrialLengths.Estimate(made.Read()).Rest(made.StateOf("Softmax", 1)), Is.Zero, "it is over its time");
    }

    [Test]
    public void A_suite_ends_when_all_slots_have_done_what_is_left()
    {
        foreach (var label in new[] { "untrained", "Softmax", "ArcFace" }) made.Finish(label, 1, 100);
        made.Begin("Softmax", 2, "a", Now.AddSeconds(-40));
        made.Progress("Softmax", 2, "a", 400, Now.AddSeconds(-40), Now); // ten seconds are left
        made.Begin("ArcFace", 2, "b", Now.AddHours(-2));
        made.Progress("ArcFace", 2, "b", 300, Now.AddHours(-2), Now.AddHours(-1));
        made.Checkpoint("ArcFace", 2, 250); // half of 100 s
        made.Pool("young", Now, made.Slot(0, "Softmax", 2), new PoolSlot(1, "cpu", 1, null, null, null));
        // one slot: 10 + 50 (ArcFace 2) + 100; the other: 100 (untrained 2) + 100; the last 100 go to the first
        Assert.That(TrialLengths.Estimate(made.Read()).End(), Is.EqualTo(Now.AddSeconds(260)));
        new SkippedTrials(Now, Now,
            [.. new[] { "untrained", "Softmax", "ArcFace" }.Select(label => new SkippedTrial(made.Id(label, 3), label, 3, "no time"))])
                .Save(made.Store);
        Assert.That(TrialLengths.Estimate(made.Read()).End(), Is.EqualTo(Now.AddSeconds(100)), "skipped trials are not waited for");
    }

    [Test]
    public void Before_the_first_is_finished_running_trials_tell_for_the_others()
    {
        made.Begin("Softmax", 1, "a", Now.AddSeconds(-100));
        made.Progress("Softmax", 1, "a", 100, Now.AddSeconds(-100), Now);
        var lengths = TrialLengths.Estimate(made.Read());
        Assert.That((lengths.Estimate(made.Plan("ArcFace", 3)), lengths.Known), Is.EqualTo((500.0, 1)));
        Assert.That(lengths.End(), Is.EqualTo(Now.AddSeconds(400 + 8 * 500)), "one runs at a time");
    }
}

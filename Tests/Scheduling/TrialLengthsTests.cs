using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Store;
using static Ablation.Tests.Scheduling.HandMadeSuite;

namespace Ablation.Tests.Scheduling;

/// <summary>The end of trials and suites, estimated from finished and running trials.</summary>
public sealed class TrialLengthsTests
{
    private HandMadeSuite made = null!;

    [SetUp]
    public void Make() => made = new HandMadeSuite();

    [TearDown]
    public void Remove() => made.Dispose();

    [Test]
    public void A_length_is_estimated_by_loss_else_by_condition_else_unknown()
    {
        Assert.That(TrialLengths.Estimate(made.Read()).Estimate(made.Plan("Softmax", 1)), Is.Null);
        made.Finish("Softmax", 1, 100);
        made.Finish("Softmax", 2, 140);
        made.Finish("untrained", 1, 2);
        var lengths = TrialLengths.Estimate(made.Read());
        Assert.That(lengths.Estimate(made.Plan("Softmax", 3)), Is.EqualTo(120));
        Assert.That(lengths.Estimate(made.Plan("ArcFace", 3)), Is.EqualTo(120), "the untrained network does not count for a training");
        Assert.That(lengths.Estimate(made.Plan("untrained", 3)), Is.EqualTo(2));
        Assert.That(lengths.Known, Is.EqualTo(3));
    }

    [Test]
    public void A_diverged_trial_does_not_count()
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
    public void The_time_of_the_tests_is_known_only_from_finished_trials()
    {
        made.Begin("Softmax", 1, "a", Now.AddSeconds(-100));
        made.Progress("Softmax", 1, "a", 500, Now.AddSeconds(-100), Now, TrialPhase.Evaluating);
        Assert.That(TrialLengths.Estimate(made.Read()).Rest(made.StateOf("Softmax", 1)), Is.Null);
        made.Finish("Softmax", 2, 130);
        Assert.That(TrialLengths.Estimate(made.Read()).Rest(made.StateOf("Softmax", 1)), Is.EqualTo(30));
        made.Finish("Softmax", 2, 90);
        Assert.That(TrialLengths.Estimate(made.Read()).Rest(made.StateOf("Softmax", 1)), Is.Zero, "it is beyond its estimate");
    }

    [Test]
    public void A_suite_ends_when_the_last_slot_is_done()
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
    public void Before_the_first_result_running_trials_give_the_estimate()
    {
        made.Begin("Softmax", 1, "a", Now.AddSeconds(-100));
        made.Progress("Softmax", 1, "a", 100, Now.AddSeconds(-100), Now);
        var lengths = TrialLengths.Estimate(made.Read());
        Assert.That((lengths.Estimate(made.Plan("ArcFace", 3)), lengths.Known), Is.EqualTo((500.0, 1)));
        Assert.That(lengths.End(), Is.EqualTo(Now.AddSeconds(400 + 8 * 500)), "one runs at a time");
    }
}

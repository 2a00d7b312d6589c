using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Scheduling.Pool;
using Ablation.Experiments.Store;

namespace Ablation.Tests.Scheduling.Pool;

/// <summary>How an attempt ended is recorded once, and a trial that ran out of time has failed.</summary>
[Parallelizable]
public sealed class AttemptRecordTests
{
    private HandMadeSuite made = null!;

    [SetUp]
    public void Make()
    {
        made = new HandMadeSuite();
        made.Begin("Softmax", 3, "c", HandMadeSuite.Now.AddHours(-3));
        made.EndAttempt("Softmax", 3, "c", EndReason.Interrupted, "the run was stopped");
    }

    [TearDown]
    public void Remove() => made.Dispose();

    [Test]
    public void A_trial_that_was_asked_to_stop_for_its_time_has_failed()
    {
        Record(EndReason.TimedOut, "it took longer than 1 s");
        Assert.That(made.Store.LoadFailure(made.Id("Softmax", 3))!.Error, Is.EqualTo("timed out: it took longer than 1 s"));
        Assert.That(made.Files("Softmax", 3).ReadAttempts()[^1].Reason, Is.EqualTo(EndReason.TimedOut));
        var state = made.StateOf("Softmax", 3);
        Assert.That((state.Stage, state.Reason), Is.EqualTo((TrialStage.Failed, (EndReason?)EndReason.TimedOut)));
    }

    [Test]
    public void What_its_process_recorded_stands_otherwise()
    {
        Record(EndReason.Crashed, "signal 9");
        Assert.That(made.Store.LoadFailure(made.Id("Softmax", 3)), Is.Null);
        Assert.That(made.Files("Softmax", 3).ReadAttempts()[^1].Reason, Is.EqualTo(EndReason.Interrupted));
    }

    private void Record(EndReason reason, string message) => AttemptRecord.WriteEnd(made.Store,
        new QueuedTrial(1, made.Plan("Softmax", 3), made.Id("Softmax", 3)), new AttemptEnd(reason, message, IsRecorded: false),
        EarlierAttempts.None, 130, null, Assert.Fail);
}

using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Store;

namespace Ablation.Tests.Scheduling;

/// <summary>A stopped attempt finishes its step and checkpoint and waits for nothing else.</summary>
public sealed class AttemptStopTests
{
    private CancellationTokenSource asked = null!;
    private ManualResetEventSlim ended = null!;
    private volatile TrialPhase phase;

    [SetUp]
    public void Make() => (asked, ended) = (new CancellationTokenSource(), new ManualResetEventSlim());

    [TearDown]
    public void Remove()
    {
        asked.Dispose();
        ended.Dispose();
    }

    [TestCase(TrialPhase.Starting)]
    [TestCase(TrialPhase.Evaluating)]
    public void A_phase_without_work_to_save_is_cancelled_and_then_ended(TrialPhase now)
    {
        phase = now;
        using var stop = new AttemptStop(asked.Token, () => phase, ended.Set);
        Assert.That(stop.Token.IsCancellationRequested, Is.False);
        asked.Cancel();
        Assert.That(() => stop.Token.IsCancellationRequested, Is.True.After(1000, 10));
        Assert.That(ended.IsSet, Is.False, "it has time to end without a kill");
        Assert.That(ended.Wait(TimeSpan.FromSeconds(10)));
    }

    [Category("Slow")]
    [Test]
    public void A_training_finishes_its_step_but_later_phases_are_ended()
    {
        phase = TrialPhase.Training;
        using var stop = new AttemptStop(asked.Token, () => phase, ended.Set);
        asked.Cancel();
        Assert.That(ended.Wait(TimeSpan.FromSeconds(1.5)), Is.False);
        Assert.That(stop.Token.IsCancellationRequested, Is.False);
        phase = TrialPhase.Evaluating; // the training ended meanwhile
        Assert.That(() => stop.Token.IsCancellationRequested, Is.True.After(1000, 10));
        Assert.That(ended.Wait(TimeSpan.FromSeconds(10)));
    }

    [Test]
    public void A_result_that_is_being_written_is_stored()
    {
        phase = TrialPhase.Evaluating;
        using var stop = new AttemptStop(asked.Token, () => phase, ended.Set);
        stop.Over();
        asked.Cancel();
        Assert.That(ended.Wait(TimeSpan.FromSeconds(1.5)), Is.False);
        Assert.That(stop.Token.IsCancellationRequested, Is.False);
    }

    [Test]
    public void An_attempt_in_a_shared_process_is_only_cancelled()
    {
        phase = TrialPhase.Starting;
        using var stop = new AttemptStop(asked.Token, () => phase, null);
        asked.Cancel();
        Assert.That(() => stop.Token.IsCancellationRequested, Is.True.After(1000, 10));
    }
}

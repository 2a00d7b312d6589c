using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Store;

namespace Ablation.Tests.Scheduling;

/// <summary>An attempt that is to stop keeps its step and checkpoint, and nothing else holds it up.</summary>
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
    public void What_loses_nothing_is_cancelled_and_then_ended(TrialPhase now)
    {
        phase = now;
        using var stop = new AttemptStop(asked.Token, () => phase, ended.Set);
        Assert.That(stop.Token.IsCancellationRequested, Is.False);
        asked.Cancel();
        Assert.That(() => stop.Token.IsCancellationRequested, Is.True.After(1000, 10));
        Assert.That(ended.IsSet, Is.False, "it has a moment to end by itself");
        Assert.That(ended.Wait(TimeSpan.FromSeconds(10)));
    }

    [Test]
    public void A_training_is_left_to_its_step_and_what_follows_it_is_not()
    {
        phase = TrialPhase.Training;
        using var stop = new AttemptStop(asked.Token, () => phase, ended.Set);
        asked.Cancel();
        Assert.That(ended.Wait(TimeSpan.FromSeconds(1.5)), Is.False);
        Assert.That(stop.Token.IsCancellationRequested, Is.False);
        phase = TrialPhase.Evaluating; // it came to its end instead
        Assert.That(() => stop.Token.IsCancellationRequested, Is.True.After(1000, 10));
        Assert.That(ended.Wait(TimeSpan.FromSeconds(10)));
    }

    [Test]
    public void A_result_that_is_being_stored_is_stored()
    {
        phase = TrialPhase.Evaluating;
        using var stop = new AttemptStop(asked.Token, () => phase, ended.Set);
        stop.Over();
        asked.Cancel();
        Assert.That(ended.Wait(TimeSpan.FromSeconds(1.5)), Is.False);
        Assert.That(stop.Token.IsCancellationRequested, Is.False);
    }

    [Test]
    public void One_in_a_process_of_others_is_cancelled_only()
    {
        phase = TrialPhase.Starting;
        using var stop = new AttemptStop(asked.Token, () => phase, null);
        asked.Cancel();
        Assert.That(() => stop.Token.IsCancellationRequested, Is.True.After(1000, 10));
    }
}

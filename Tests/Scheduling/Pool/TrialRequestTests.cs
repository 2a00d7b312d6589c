using Ablation.Experiments.Scheduling.Pool;
using Ablation.Experiments.Store;
using Ablation.Harness.Foundations;

namespace Ablation.Tests.Scheduling.Pool;

/// <summary>What people ask of single trials while a pool runs.</summary>
public sealed class TrialRequestTests : FourTrials
{
    private static readonly PoolOptions OneJob = TwoJobs with { Jobs = 1, Linger = TimeSpan.Zero };

    [Test]
    public void A_waiting_trial_that_is_to_be_left_is_not_begun()
    {
        var starter = new ScriptedStarter((id, _) =>
        {
            if (id == Id(0)) Ask(Id(2), RequestKind.Leave);
            return Finish(id);
        });
        var outcome = Run(starter, OneJob);
        Assert.That(starter.Started.Select(start => start.Id), Is.EqualTo(new[] { Id(0), Id(1), Id(3) }));
        Assert.That((outcome.Finished, outcome.Interrupted), Is.EqualTo((3, 1)));
    }

    [Test]
    public void A_running_trial_that_is_to_be_left_saves_and_stops_and_the_others_go_on()
    {
        var starter = new ScriptedStarter((id, _) =>
        {
            if (id != Id(1)) return Finish(id);
            Ask(Id(1), RequestKind.Leave);
            return null; // until it is asked to stop
        });
        var outcome = Run(starter, OneJob);
        Assert.That(starter.Ended, Is.EqualTo(new[] { $"stop {Id(1)}" }));
        Assert.That((outcome.Finished, outcome.Interrupted, outcome.Failed), Is.EqualTo((3, 1, 0)));
        Assert.That(View.Lines, Has.Some.Contains("left to the next run, as was asked"));
    }

    [Test]
    public void A_trial_that_was_given_up_or_left_runs_again_once_when_it_is_asked_for()
    {
        var starter = new ScriptedStarter((id, time) =>
        {
            if (id == Id(0) && time == 1) return Fail(id);
            if (id == Id(1)) Ask(Id(0), RequestKind.Retry);
            return Finish(id);
        });
        var outcome = Run(starter, OneJob);
        Assert.That(starter.Started.Select(start => start.Id), Is.EqualTo(new[] { Id(0), Id(1), Id(2), Id(3), Id(0) }));
        Assert.That((outcome.Finished, outcome.Failed), Is.EqualTo((4, 0)));
        Assert.That(Store.Files(Id(0)).Asked, Does.Not.Exist, "it would be queued without end");
    }

    [Test]
    public void What_was_asked_of_an_earlier_run_no_longer_holds()
    {
        var earlier = new TrialRequest(RequestKind.Leave, DateTimeOffset.UtcNow.AddMinutes(-5));
        AtomicFile.Write(Store.Files(Id(2)).Asked, SpecJson.Write(earlier));
        Assert.That(Run(new ScriptedStarter((id, _) => Finish(id)), OneJob).Finished, Is.EqualTo(4));
    }

    private void Ask(string id, RequestKind kind) =>
        AtomicFile.Write(Store.Files(id).Asked, SpecJson.Write(new TrialRequest(kind, DateTimeOffset.UtcNow)));

    private int Fail(string id)
    {
        Store.Save(new TrialFailure(id, "Softmax", 1, DateTimeOffset.UtcNow, "k is too large", ""));
        return TrialExit.Failed;
    }
}

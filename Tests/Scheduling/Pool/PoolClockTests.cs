using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Store;

namespace Ablation.Tests.Scheduling.Pool;

/// <summary>A pool while the wall clock is changed: its limits count monotonic time.</summary>
public sealed class PoolClockTests : FourTrials
{
    [TestCase(-5)]
    [TestCase(5)]
    public void A_changed_clock_neither_ends_a_trial_nor_hides_a_stall(int hours)
    {
        var clock = new SetClock(DateTimeOffset.UtcNow);
        var isSet = false;
        View = new RecordingView(_ =>
        {
            if (!isSet) clock.Set(TimeSpan.FromHours(hours)); // while the first trial runs
            isSet = true;
        });
        var checks = 0L; // by the pool, at most four per second
        var starter = new ScriptedStarter((_, _) => null) { Memory = _ => Interlocked.Increment(ref checks) };
        var options = TinyPool.OneJob with
        {
            Deadline = new RunEnd(null, TimeSpan.FromHours(4), clock),
            TrialTimeout = TimeSpan.FromHours(1),
            Stall = TimeSpan.FromMinutes(2),
            Grace = TimeSpan.FromSeconds(60),
        };
        var run = Task.Run(() => Run(starter, options, time: clock));
        Assert.That(() => isSet, Is.True.After(60_000, 20));
        Thread.Sleep(500); // several checks by the pool
        Assert.That(starter.Ended, Is.Empty, "no time has passed");
        var passes = 0;
        for (; starter.Ended.Count == 0 && passes < 100; passes++)
        {
            var before = Interlocked.Read(ref checks);
            clock.Pass(TimeSpan.FromSeconds(20)); // a longer pause would count as a suspended machine
            SpinWait.SpinUntil(() => Interlocked.Read(ref checks) > before || starter.Ended.Count > 0, TimeSpan.FromSeconds(20));
        }

        Assert.That(passes, Is.InRange(6, 99), "the stall limit has passed");
        Assert.That(starter.Ended[0], Is.EqualTo($"kill {Id(0)}"));
        clock.Pass(TimeSpan.FromHours(4));
        Assert.That(run.Wait(TimeSpan.FromSeconds(60)), "the budget is spent");
        Assert.That(SkippedTrials.Load(Store)!.Trials, Is.Not.Empty);
    }

    [Test]
    public void A_failure_of_an_earlier_attempt_is_not_taken_for_this_ones_whatever_its_time()
    {
        // from an attempt before this run, when the clock was an hour ahead
        Store.Save(new TrialFailure(Id(0), "Softmax", 1, DateTimeOffset.UtcNow.AddHours(1), "an old error", "", EndReason.Failed));
        var starter = new ScriptedStarter((id, _) => id == Id(0) ? TrialExit.Failed : Finish(id));
        Assert.That(Run(starter, TinyPool.OneJob with { MaxAttempts = 1 }),
            Is.EqualTo(new RunOutcome(3, 0, 1, 0)));
        Assert.That(View.Lines[1], Does.Not.Contain("an old error").And.Contains("exit code 1"));
    }
}

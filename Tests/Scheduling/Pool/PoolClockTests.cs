using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Losses;
using Ablation.Tests.Store;

namespace Ablation.Tests.Scheduling.Pool;

/// <summary>A pool while somebody sets the wall clock: its limits count by one that nobody sets.</summary>
public sealed class PoolClockTests
{
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

    [TestCase(-5)]
    [TestCase(5)]
    public void A_clock_that_is_set_neither_ends_a_trial_nor_lets_it_stand_still(int hours)
    {
        var clock = new SetClock(DateTimeOffset.UtcNow);
        var isSet = false;
        view = new RecordingView(_ =>
        {
            if (!isSet) clock.Set(TimeSpan.FromHours(hours)); // while the first trial runs
            isSet = true;
        });
        var looks = 0L; // of the pool, at each at least a quarter of a second that passed
        var starter = new ScriptedStarter((_, _) => null) { Memory = _ => Interlocked.Increment(ref looks) };
        var options = TinyPool.OneJob with
        {
            Deadline = new RunEnd(null, TimeSpan.FromHours(4), clock),
            TrialTimeout = TimeSpan.FromHours(1),
            Stall = TimeSpan.FromMinutes(2),
            Grace = TimeSpan.FromSeconds(60),
        };
        var run = Task.Run(() => TinyPool.Run(Four, Trials, store, view, options, starter, time: clock));
        Assert.That(() => isSet, Is.True.After(60_000, 20));
        Thread.Sleep(500); // several looks of the pool
        Assert.That(starter.Ended, Is.Empty, "no time has passed");
        var passes = 0;
        for (; starter.Ended.Count == 0 && passes < 100; passes++)
        {
            var before = Interlocked.Read(ref looks);
            clock.Pass(TimeSpan.FromSeconds(20)); // more at once is a machine that slept
            SpinWait.SpinUntil(() => Interlocked.Read(ref looks) > before || starter.Ended.Count > 0, TimeSpan.FromSeconds(20));
        }

        Assert.That(passes, Is.InRange(6, 99), "it has stood still for its time");
        Assert.That(starter.Ended[0], Is.EqualTo($"kill {Id(0)}"));
        clock.Pass(TimeSpan.FromHours(4));
        Assert.That(run.Wait(TimeSpan.FromSeconds(60)), "the budget is spent");
        Assert.That(SkippedTrials.Load(store)!.Trials, Is.Not.Empty);
    }

    [Test]
    public void What_an_earlier_attempt_left_is_not_this_ones_whatever_the_clock_says()
    {
        // of an attempt before this run, when the clock was an hour ahead
        store.Save(new TrialFailure(Id(0), "Softmax", 1, DateTimeOffset.UtcNow.AddHours(1), "an old error", "", EndReason.Failed));
        var starter = new ScriptedStarter((id, _) => id == Id(0) ? TrialExit.Failed : Finish(id));
        Assert.That(TinyPool.Run(Four, Trials, store, view, TinyPool.OneJob with { MaxAttempts = 1 }, starter),
            Is.EqualTo(new RunOutcome(3, 0, 1, 0)));
        Assert.That(view.Lines[1], Does.Not.Contain("an old error").And.Contains("exit code 1"));
    }

    private static string Id(int trial) => Trials[trial].Spec.Id();

    private int Finish(string id)
    {
        var trial = Trials.Single(one => one.Spec.Id() == id);
        store.Save(ExampleOutput.Of(trial.Spec, trial.Label, 1));
        return TrialExit.Finished;
    }
}

using Ablation.Experiments.Scheduling.Pool;
using Ablation.Experiments.Store;

namespace Ablation.Tests.Scheduling.Pool;

/// <summary>A trial is ended for memory, time or a stall, and for nothing else.</summary>
public sealed class WatchdogTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;
    private static readonly PoolOptions Options = new(1, [], TrialTimeout: TimeSpan.FromHours(2), Stall: TimeSpan.FromMinutes(30),
        TrialMemory: 1000 << 20);
    private Watchdog watchdog = null!;

    [SetUp]
    public void Make() => watchdog = new Watchdog(Options, Start);

    [TestCase(1000L << 20, false)]
    [TestCase((1000L << 20) + 1, true)]
    public void Memory_above_the_limit_ends_a_trial(long bytes, bool ends)
    {
        var sentence = new Watchdog(Options, Start).Check(Start, null, bytes, null);
        Assert.That(sentence is not null, Is.EqualTo(ends));
        if (ends) Assert.That(sentence,
            Is.EqualTo(new TerminationRequest(EndReason.OutOfMemory,
                "it took 1000 MiB, more than the 1000 MiB that a trial may take (--trial-memory)", Softly: false)));
    }

    [Test]
    public void The_peak_is_the_highest()
    {
        var own = new Watchdog(Options, Start);
        Assert.That(own.PeakBytes, Is.Null);
        foreach (var bytes in (long?[])[5, 9, null, 7]) own.Check(Start, null, bytes, null);
        Assert.That(own.PeakBytes, Is.EqualTo(9));
    }

    [Test]
    public void The_time_limit_stops_softly()
    {
        var own = new Watchdog(Options with { Stall = TimeSpan.FromDays(1) }, Start);
        Assert.That(own.Check(Start.AddHours(1.9), At(TrialPhase.Training, 5), null, null), Is.Null);
        Assert.That(own.Check(Start.AddHours(2), null, null, null), Is.Null);
        Assert.That(own.Check(Start.AddHours(2.001), null, null, null),
            Is.EqualTo(new TerminationRequest(EndReason.TimedOut, "it took longer than 2 h 0 min (--trial-timeout)", Softly: true)));
    }

    [Test]
    public void Only_a_step_counts_as_progress_and_a_heartbeat_does_not()
    {
        Assert.That(watchdog.Check(Start.AddMinutes(20), At(TrialPhase.Training, 1), null, null), Is.Null);
        Assert.That(watchdog.Check(Start.AddMinutes(49), At(TrialPhase.Training, 2), null, null), Is.Null);
        Assert.That(watchdog.Check(Start.AddMinutes(79), At(TrialPhase.Training, 2, 60), null, null), Is.Null);
        Assert.That(watchdog.Check(Start.AddMinutes(80), At(TrialPhase.Training, 2, 61), null, TimeSpan.FromHours(1)), Is.EqualTo(
            new TerminationRequest(EndReason.TimedOut, "it stood still for 30.0 min at step 2 (--stall)", Softly: false)),
                "processor time is not a step");
    }

    [Test]
    public void While_it_reads_or_evaluates_processor_time_counts_as_progress()
    {
        watchdog = new Watchdog(Options with { TrialTimeout = null }, Start);
        Assert.That(watchdog.Check(Start.AddMinutes(29), null, null, TimeSpan.FromSeconds(1)), Is.Null);
        Assert.That(watchdog.Check(Start.AddMinutes(58), At(TrialPhase.Starting, 0), null, TimeSpan.FromSeconds(2)), Is.Null);
        Assert.That(watchdog.Check(Start.AddMinutes(87), At(TrialPhase.Evaluating, 9), null, TimeSpan.FromSeconds(2.5)), Is.Null,
            "a new phase");
        Assert.That(watchdog.Check(Start.AddMinutes(116), At(TrialPhase.Evaluating, 9), null, TimeSpan.FromSeconds(3)), Is.Null);
        Assert.That(watchdog.Check(Start.AddMinutes(147), At(TrialPhase.Evaluating, 9), null, TimeSpan.FromSeconds(3.9))?.Message,
            Does.StartWith("it stood still"), "less than a second does not count");
    }

    [Test]
    public void A_process_that_never_writes_or_works_has_stalled()
    {
        Assert.That(watchdog.Check(Start.AddMinutes(30), null, null, null), Is.Null);
        Assert.That(watchdog.Check(Start.AddMinutes(31), null, null, null)!.Message,
            Is.EqualTo("it stood still for 30.0 min at step 0 (--stall)"));
    }

    private static TrialProgress At(TrialPhase phase, long step, int heartbeat = 0) =>
        new("token", phase, step, 100, 0, null, null, Start, Start, Start.AddMinutes(heartbeat), 0);
}

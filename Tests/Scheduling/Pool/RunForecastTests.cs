using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Scheduling.Pool;
using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Harness.Foundations;
using Ablation.Tests.Training;

namespace Ablation.Tests.Scheduling.Pool;

/// <summary>When a run will end, and what that comes from.</summary>
public sealed class RunForecastTests : FourTrials
{
    private static readonly DateTimeOffset Start = HandMadeSuite.Now;

    [Test]
    public void Before_a_trial_has_ended_the_others_are_as_long_as_the_running_one()
    {
        var (queue, slot) = Running(_ => null);
        Assert.That(Find(queue, slot, null), Is.Null, "it has not trained a step");
        AtomicFile.Write(Store.Files(slot.Trial!.Id).Progress, SpecJson.Write(new TrialProgress("a", TrialPhase.Training, 100, 500, 1, 3,
            300, Start, Start.AddSeconds(100), Start.AddSeconds(100), 1 << 20)));
        slot.Watch(Store.Files(slot.Trial.Id), Start.AddSeconds(100), TimeSpan.FromMinutes(1));
        // 400 s more of this one, then three of 500 s, two at a time
        Assert.That(Find(queue, slot, slot.SecondsLeft(Start.AddSeconds(100), null)), Is.EqualTo((1000.0, "by pace")));
    }

    [Test]
    public void The_ground_of_the_end_is_said_until_half_of_the_trials_are_done()
    {
        var (queue, slot) = Running(_ => 500);
        Assert.That(Find(queue, slot, 400), Is.EqualTo((1000.0, "guess from plan")));
        queue.End(slot.Trial!, NextStepKind.Finished, 500);
        Assert.That(RunForecast.Find([], queue, new Dictionary<string, double?>(), Start), Is.EqualTo((1000.0, "1 of 4")));
        queue.End(queue.Next(new Dictionary<string, double?>())!, NextStepKind.Finished, 500);
        Assert.That(RunForecast.Find([], queue, new Dictionary<string, double?>(), Start), Is.EqualTo((500.0, "")));
    }

    private (PoolQueue Queue, Slot Slot) Running(Func<PlannedTrial, double?> seconds)
    {
        var work = new SuiteWork(Four, Trials, Store, new ProcessSettings(".", "cpu", 1));
        var queue = new PoolQueue(work, TrialEstimates.Estimate(Trials, Store, Tiny.Place, seconds), 2, null);
        var (next, slot) = (queue.Next(new Dictionary<string, double?>())!, new Slot(0, TwoJobs.Devices[0]));
        var process = new ScriptedStarter((_, _) => null).Start(next.Id, Store, work.Settings, slot.Device);
        slot.Begin(next, process, 1, new Watchdog(TwoJobs, Start), EarlierAttempts.None, Start);
        return (queue, slot);
    }

    private static (double Seconds, string Ground)? Find(PoolQueue queue, Slot slot, double? left) =>
        RunForecast.Find([slot], queue, new Dictionary<string, double?> { [slot.Trial!.Id] = left }, Start.AddSeconds(100));
}

using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Scheduling.Pool;
using Ablation.Experiments.Store;
using Ablation.Tests.Store;

namespace Ablation.Tests.Scheduling.Pool;

/// <summary>A pool whose device, process, system or store fails.</summary>
public sealed class PoolFaultTests : FourTrials
{
    [Test]
    public void A_device_that_fails_every_trial_gets_no_more_and_others_run_its_trials()
    {
        var suite = Four with { Seeds = [1, 2, 3, 4, 5, 6] };
        var gpus = PoolDevice.List("cuda", 2, null);
        ScriptedStarter starter = null!;
        starter = new ScriptedStarter((id, _) =>
        {
            if (starter.Started[^1].Device == gpus[1]) return TrialExit.Usage;
            Store.Save(ExampleOutput.Of(suite.Trials().Single(trial => trial.Spec.Id() == id).Spec, "any", 1));
            return TrialExit.Finished;
        });
        Assert.That(TinyPool.Run(suite, suite.Trials(), Store, View, TwoJobs with { Devices = gpus }, starter),
            Is.EqualTo(new RunOutcome(12, 0, 0, 0)));
        Assert.That(starter.Started.Count(start => start.Device == gpus[1]), Is.EqualTo(3));
        Assert.That(View.Lines, Has.One.Contains("cuda:1: 3 trials failed there in a row while others finished elsewhere"));
    }

    [Test]
    public void A_process_that_survives_a_kill_does_not_block_the_pool()
    {
        var starter = new ScriptedStarter((id, _) => id == Id(0) ? null : Finish(id)) { Dies = false };
        var options = TwoJobs with { Stall = TimeSpan.FromMilliseconds(1), Grace = TimeSpan.FromMilliseconds(1) };
        Assert.That(Run(starter, options), Is.EqualTo(new RunOutcome(3, 0, 1, 0)));
        Assert.That(View.Lines, Has.One.Contains("does not end after it was killed"));
    }

    [Test]
    public void Without_a_free_slot_the_run_ends_with_an_error()
    {
        var starter = new ScriptedStarter((_, _) => null) { Dies = false };
        var options = TinyPool.OneJob with { Stall = TimeSpan.FromMilliseconds(1), Grace = TimeSpan.FromMilliseconds(1) };
        Assert.That(() => Run(starter, options), Throws.InstanceOf<IOException>().With.Message.Contains("no slot is left"));
        Assert.That(starter.Started, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_failed_process_start_is_tried_again()
    {
        var starter = new ScriptedStarter((id, start) => start == 1 && id == Id(0)
            ? throw new TrialStartException("no processes left", new InvalidOperationException()) : Finish(id));
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(2)); // the pause is longer
        Assert.That(() => Run(starter, TinyPool.OneJob, stop.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(View.Lines, Is.EqualTo(new[] { "no processes left" }));
    }

    [TestCase(1)]
    [TestCase(2, Description = "both free their slots")]
    public void A_store_that_trials_could_not_write_stops_the_run(int jobs)
    {
        var starter = new ScriptedStarter((id, _) => TrialExit.StoreUnwritable);
        Assert.That(() => Run(starter, TwoJobs with { Jobs = jobs }),
            Throws.InstanceOf<IOException>().With.Message.Contains(Store.TrialFolder(Id(0))));
        Assert.That(View.Lines.Count(line => line.StartsWith("stopped", StringComparison.Ordinal)), Is.EqualTo(jobs));
    }
}

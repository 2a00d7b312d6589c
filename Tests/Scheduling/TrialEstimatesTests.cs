using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Harness.Provenance;
using Ablation.Losses;
using Ablation.Tests.Store;
using Ablation.Tests.Training;

namespace Ablation.Tests.Scheduling;

/// <summary>The length of a trial is estimated from finished trials of its kind, or from measured speeds if there are none.</summary>
public sealed class TrialEstimatesTests
{
    private static readonly IReadOnlyList<PlannedTrial> Trials =
        (TinySuite.Of(new SoftmaxOptions(), new ArcFaceOptions()) with { Seeds = [1, 2, 3], Resolutions = [16, 32] }).Trials();

    private TemporaryFolder folder = null!;
    private ResultStore store = null!;

    [SetUp]
    public void Make() => store = new ResultStore((folder = new TemporaryFolder()).Path);

    [TearDown]
    public void Remove() => folder.Dispose();

    [Test]
    public void The_mean_of_finished_seeds_is_the_estimate_for_the_others()
    {
        Save(Trials[0], 100);
        Save(Trials[4], 140); // the same but for its seed
        var estimates = Estimates();
        Assert.That(Trials.Select(estimates.Estimate),
            Is.EqualTo(Trials.Select((_, i) => i % 4 == 0 ? new TrialEstimate(120, 2) : new TrialEstimate(7, 0))));
    }

    [Test]
    public void Other_machines_devices_and_threads_do_not_count()
    {
        Save(Trials[0], 100, origin => origin with { Machine = "another" });
        Save(Trials[1], 100, origin => origin with { Device = "cuda:0" });
        Save(Trials[2], 100, origin => origin with { Threads = 2 });
        store.Save(ExampleOutput.Diverged(Trials[3].Spec, "short"));
        Assert.That(Trials.Select(Estimates().Estimate), Is.All.EqualTo(new TrialEstimate(7, 0)));
    }

    [Test]
    public void A_trial_that_ends_updates_the_next_estimate_of_similar_trials()
    {
        Save(Trials[0], 100);
        var before = Estimates();
        var after = before.With(Trials[4], 140).With(Trials[1], 50);
        Assert.That(new[] { 0, 1, 2, 8, 9 }.Select(i => after.Estimate(Trials[i])),
            Is.EqualTo(new TrialEstimate[] { new(120, 2), new(50, 1), new(7, 0), new(120, 2), new(50, 1) }));
        Assert.That(before.Estimate(Trials[8]), Is.EqualTo(new TrialEstimate(100, 1)));
    }

    [Test]
    public void An_unknown_length_is_not_a_number() =>
    Assert.That(TrialEstimates.Estimate(Trials, store, Tiny.Place, _ => null).Estimate(Trials[0]), Is.EqualTo(new TrialEstimate(null, 0)));

    private TrialEstimates Estimates() => TrialEstimates.Estimate(Trials, store, Tiny.Place, _ => 7);

    private void Save(PlannedTrial trial, double seconds, Func<TrialProvenance, TrialProvenance>? change = null)
    {
        var output = ExampleOutput.Of(trial.Spec, trial.Label, 1);
        var origin = output.Result.Provenance with { Machine = Machine.Model, Seconds = seconds };
        store.Save(output with { Result = output.Result with { Provenance = change?.Invoke(origin) ?? origin } });
    }
}

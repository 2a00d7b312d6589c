using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Suites;
using Ablation.Losses;

namespace Ablation.Tests.Scheduling;

/// <summary>The trials before a deadline: whole comparisons, started ones first; the rest is listed.</summary>
public sealed class DeadlineOrderTests
{
    private static readonly IReadOnlyDictionary<string, double?> Nothing = new Dictionary<string, double?>();

    /// <summary>Seeds 1 to 3, each with 16 and 32 px, each with two losses: six comparisons of two trials.</summary>
    private static readonly IReadOnlyList<PlannedTrial> Trials =
        (TinySuite.Of(new SoftmaxOptions(), new ArcFaceOptions()) with { Seeds = [1, 2, 3], Resolutions = [16, 32] }).Trials();

    [Test]
    public void Without_a_deadline_everything_runs_in_the_suites_order()
    {
        var plan = Plan(left: null);
        Assert.That(plan.ToRun, Is.EqualTo(Trials));
        Assert.That(plan.Skipped, Is.Empty);
    }

    [Test]
    public void Whole_comparisons_fill_the_time_and_the_rest_is_listed()
    {
        var plan = Plan(left: 45); // ten seconds per trial, one job
        Assert.That(plan.ToRun, Is.EqualTo(Trials.Take(4)));
        Assert.That(plan.Skipped.Select(one => (one.Id, one.Label, one.Seed)),
            Is.EqualTo(Trials.Skip(4).Select(trial => (trial.Spec.Id(), trial.Label, trial.Spec.Seed))));
        Assert.That(plan.Skipped.Select(one => one.Reason),
            Is.All.EqualTo("no time: its comparison would have ended after 1 min, 1 min were left"));
    }

    [TestCase(40, 4)]
    [TestCase(39.9, 2)]
    public void A_comparison_fits_to_the_second(double left, int count) => Assert.That(Plan(left: left).ToRun, Has.Count.EqualTo(count));

    [TestCase(2, 20, 4)]
    [TestCase(2, 19, 2)]
    [TestCase(4, 20, 8)]
    [TestCase(3, 20, 6)]
    [TestCase(99, 10, 12)]
    public void Parallel_jobs_share_the_time(int jobs, double left, int count) =>
    Assert.That(Plan(left: left, jobs: jobs).ToRun, Has.Count.EqualTo(count));

    [Test]
    public void Started_comparisons_are_first()
    {
        var settled = new[] { Trials[5], Trials[8] };
        Assert.That(Plan(left: null, settled: settled).ToRun, Is.EqualTo(new[] { 4, 9, 0, 1, 2, 3, 6, 7, 10, 11 }.Select(i => Trials[i])));
        Assert.That(Plan(left: 20, settled: settled).ToRun, Is.EqualTo(new[] { Trials[4], Trials[9] }));
        Assert.That(Plan(left: 40, settled: settled).ToRun, Is.EqualTo(new[] { Trials[4], Trials[9], Trials[0], Trials[1] }));
    }

    [Test]
    public void A_comparison_that_does_not_fit_is_skipped_for_a_smaller_one()
    {
        var plan = DeadlineOrder.Plan(Trials, trial => trial.Spec.Resolution == 32
            ? 10 : 100, new HashSet<string>(), Nothing, 1, TimeSpan.FromSeconds(50));
        Assert.That(plan.ToRun, Is.EqualTo(new[] { 2, 3, 6, 7 }.Select(i => Trials[i])));
        Assert.That(plan.Skipped.Select(one => one.Id), Is.EqualTo(new[] { 0, 1, 4, 5, 8, 9, 10, 11 }.Select(i => Trials[i].Spec.Id())));
    }

    [Test]
    public void If_none_fits_the_first_is_started_nevertheless()
    {
        Assert.That(Plan(left: 5).ToRun, Is.EqualTo(Trials.Take(2)));
        Assert.That(Plan(left: 5).Skipped, Has.Count.EqualTo(10));
        Assert.That(Plan(left: 5, settled: [Trials[8]]).ToRun, Is.EqualTo(new[] { Trials[9] }), "the started comparison");
        Assert.That(Plan(left: 0).ToRun, Is.Empty);
        Assert.That(Plan(left: -5).Skipped, Has.Count.EqualTo(12));
    }

    [Test]
    public void A_running_trial_occupies_its_job_and_starts_its_comparison()
    {
        var running = new Dictionary<string, double?> { [Trials[4].Spec.Id()] = 15 };
        Assert.That(Plan(left: null, running: running).ToRun.Take(2), Is.EqualTo(new[] { Trials[5], Trials[0] }));
        Assert.That(Plan(left: 25, running: running).ToRun, Is.EqualTo(new[] { Trials[5] }));
        Assert.That(Plan(left: 24, running: running).ToRun, Is.EqualTo(new[] { Trials[5] }),
            "a comparison that is late by a second is completed nevertheless");
        var two = new Dictionary<string, double?>(running) { [Trials[0].Spec.Id()] = 15 };
        Assert.That(Plan(left: 24, running: two).ToRun, Is.Empty, "nothing is started beside trials that may end in time");
        Assert.That(Plan(left: 24, running: running, jobs: 2).ToRun, Is.EqualTo(new[] { Trials[5] }));
        Assert.That(Plan(left: 25, running: running, jobs: 2).ToRun, Is.EqualTo(new[] { Trials[5], Trials[0], Trials[1] }));
    }

    [Test]
    public void If_more_run_than_there_are_jobs_the_next_waits_for_a_free_job()
    {
        var running = new Dictionary<string, double?> { [Trials[4].Spec.Id()] = 1, [Trials[6].Spec.Id()] = 30 };
        Assert.That(Plan(left: 35, running: running).ToRun, Is.Empty, "it would end at 40 s");
        Assert.That(Plan(left: 40, running: running).ToRun, Is.EqualTo(new[] { Trials[5] }));
    }

    [Test]
    public void A_trial_with_a_checkpoint_makes_its_comparison_a_started_one()
    {
        var plan = DeadlineOrder.Plan(Trials, _ => 10, new HashSet<string>(), Nothing, 1, TimeSpan.FromSeconds(25),
            new HashSet<string> { Trials[4].Spec.Id() });
        Assert.That(plan.ToRun, Is.EqualTo(new[] { Trials[4], Trials[5] }));
    }

    [Test]
    public void Comparisons_of_unknown_length_are_after_those_that_fit()
    {
        var plan = DeadlineOrder.Plan(Trials, trial => trial == Trials[1]
            ? null : 10, new HashSet<string>(), Nothing, 1, TimeSpan.FromSeconds(25));
        Assert.That(plan.ToRun, Is.EqualTo(new[] { Trials[2], Trials[3], Trials[0], Trials[1] }));
        Assert.That(plan.Skipped, Has.Count.EqualTo(8));
    }

    [Test]
    public void Ten_thousand_trials_are_ordered_the_same_each_time()
    {
        var many = (TinySuite.Of(new SoftmaxOptions(), new ArcFaceOptions()) with
        {
            Seeds = [.. Enumerable.Range(0, 2500)],
            Resolutions = [16, 32]
        }).Trials();
        var first = DeadlineOrder.Plan(many, trial => 1 + trial.Spec.Seed % 7, new HashSet<string>(), Nothing, 16,
            TimeSpan.FromSeconds(500));
        var second = DeadlineOrder.Plan(many, trial => 1 + trial.Spec.Seed % 7, new HashSet<string>(), Nothing, 16,
            TimeSpan.FromSeconds(500));
        Assert.That(second.ToRun, Is.EqualTo(first.ToRun));
        Assert.That(first.ToRun.Count + first.Skipped.Count, Is.EqualTo(10_000));
    }

    [Test]
    public void The_end_is_that_of_the_last_job()
    {
        Assert.That(DeadlineOrder.Makespan([3, 1, 1, 1], 2), Is.EqualTo(3));
        Assert.That(DeadlineOrder.Makespan([1, 1, 1, 3], 2), Is.EqualTo(4));
        Assert.That(DeadlineOrder.Makespan([3, 1], 2), Is.EqualTo(3));
        Assert.That(DeadlineOrder.Makespan([3, 1, 1, 1], 1), Is.EqualTo(6));
        Assert.That(DeadlineOrder.Makespan([3, null], 1), Is.Null);
        Assert.That(DeadlineOrder.Makespan([], 2), Is.Zero);
    }

    private static DeadlinePlan Plan(double? left, int jobs = 1, IEnumerable<PlannedTrial>? settled = null,
        IReadOnlyDictionary<string, double?>? running = null) =>
        DeadlineOrder.Plan(Trials, _ => 10, (settled ?? []).Select(trial => trial.Spec.Id()).ToHashSet(), running
            ?? Nothing, jobs, left is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
}

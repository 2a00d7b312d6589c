using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Harness.Faces;
using Ablation.Harness.Networks;
using Ablation.Harness.Planning;
using Ablation.Harness.Provenance;
using Ablation.Losses;
using Ablation.Tests.Store;
using Ablation.Tests.Suites;
using Ablation.Tests.Training;

namespace Ablation.Tests.Scheduling;

/// <summary>A plan adds known times and names the unknown ones.</summary>
[Parallelizable]
public sealed class SuitePlanTests
{
    private static readonly Suite Suite = TinySuite.Of(new SoftmaxOptions(), new ArcFaceOptions()) with
    {
        Seeds = [1, 2],
        Untrained = true
    };
    private TemporaryFolder folder = null!;
    private ResultStore store = null!;

    [SetUp]
    public void Make() => store = new ResultStore((folder = new TemporaryFolder()).File("results"));

    [TearDown]
    public void Remove() => folder.Dispose();

    [Test]
    public void The_time_is_from_finished_trials_and_measured_speeds()
    {
        var trials = Suite.Trials();
        foreach (var trial in trials.Where(trial => trial.Spec.Seed == 1 && trial.Label != "ArcFace"))
        {
            var output = ExampleOutput.Of(trial.Spec, trial.Label, 1);
            store.Save(output with
            {
                Result = output.Result with
                {
                    Provenance = output.Result.Provenance with
                    {
                        Machine = Machine.Model,
                        Seconds = 1000
                    }
                }
            });
        }

        var plan = Plan(Suite, new PoolShape(2, 1));
        Assert.Multiple(() =>
        {
            Assert.That(plan.Rows.Select(row => (row.Label, row.Trials, row.Kept, row.Estimate!.Finished)),
                Is.EqualTo(new[] { ("untrained", 2, 1, 1), ("Softmax", 2, 1, 1), ("ArcFace", 2, 0, 0) }));
            Assert.That(plan.Rows.Select(row => row.StepsPerSecond is > 0), Is.EqualTo(new[] { false, false, true }),
                "only unknown speeds are measured");
            Assert.That(plan.Seconds, Is.InRange(1000, 1500), "two of 1000 s in parallel, two short ones");
            Assert.That(DataOf(Suite), Is.EqualTo(new SuiteData(64, 8, DataOf(Suite).TestImages, 100)));
            Assert.That(Suite.DataProblems(new DataRoot(".")), Is.Empty);
        });
        Assert.That(Plan(Suite, new PoolShape(1, 1)).Seconds, Is.InRange(2000, 2500));
        var lines = PlanText.Lines(plan, "cpu", new DateTimeOffset(2026, 11, 25, 23, 50, 0, TimeSpan.Zero));
        Assert.That(lines[0],
            Does.Match(@"^4 trials to run, about \d\d\.\d min on cpu with 2 jobs x 1 thread, done 2026-11-26 00:\d\d if started now$"));
        Assert.That(lines[1], Does.Match(@"^memory: up to \d+ MiB \(.*\) per job, \d+ MiB in all$"));
        Assert.That(lines[2], Does.Match(@"^disk: about \d+ KB of results, \d+ KB of checkpoints while it runs$"));
    }

    [Category("Slow")]
    [Test]
    public void With_missing_data_the_time_is_unknown_or_based_on_a_stated_assumption()
    {
        var missing = Suite with { Data = [new FolderOptions { Path = "nowhere" }] };
        var plan = Plan(missing, new PoolShape(1, 1));
        Assert.That((plan.Seconds, plan.Memory, plan.Disk, DataOf(missing).Images),
            Is.EqualTo(((double?)null, (WorkingSet?)null, (DiskPlan?)null, (int?)null)));
        Assert.That(missing.DataProblems(new DataRoot(".")), Has.Some.Contains("nowhere"));
        Assert.That(plan.Remarks, Has.Some.StartsWith("the training data are missing: 1000 identities assumed"));
        Assert.That(PlanText.Lines(plan, "cpu", DateTimeOffset.UnixEpoch)
            .Take(3), Is.EqualTo(new[] { "6 trials to run, time n/a on cpu with 1 job x 1 thread", "memory: n/a", "disk: n/a" }));
        Assert.That(Plan(missing with { ExpectedImages = 64 }, new PoolShape(1, 1)).Seconds, Is.Positive);
    }

    [Category("Slow")]
    [Test]
    public void A_loss_that_cannot_be_measured_has_no_time_and_is_named()
    {
        var plan = Plan(TinySuite.Of(new SoftmaxOptions(), TinySuite.Failing), new PoolShape(1, 1));
        Assert.That(plan.Rows.Select(row => row.Estimate!.Seconds is > 0), Is.EqualTo(new[] { true, false }));
        Assert.That(plan.Seconds, Is.Null);
        Assert.That(plan.Remarks, Has.Some.StartsWith("Npt, 16 px: its speed could not be measured: Npt: k = 100"));
    }

    [Test]
    public void The_shape_depends_on_the_whole_suite_and_not_on_the_remaining_trials()
    {
        var machine = new PoolMachine(16, 0, 1L << 40);
        foreach (var trial in Suite.Trials().Skip(1)) store.Save(ExampleOutput.Of(trial.Spec, trial.Label, 1));
        using var data = new OpenedData(Tiny.Place.Data);
        Assert.That(SuitePlan.ShapeOf(Suite, Tiny.Place, machine, 0, 0, data, out var memory), Is.EqualTo(new PoolShape(6, 2)));
        Assert.That(memory!.Bytes, Is.GreaterThan(200L << 20));
        Assert.That(SuitePlan.ShapeOf(Suite, Tiny.Place, machine with { MemoryBytes = 3 * memory.Bytes }, 0, 0, data, out _),
            Is.EqualTo(new PoolShape(2, 8)));
    }

    [Test]
    public void Disk_counts_pairs_log_points_and_two_checkpoints_per_job()
    {
        var trained = Suite.Trials().Where(trial => trial.Label != Labels.Untrained).ToList();
        var data = new SuiteData(64, 8, 50, 1000);
        var two = DiskPlan.Estimate(trained, _ => data, _ => 100, jobs: 2)!;
        var values = BackboneCost.Measure(trained[0].Spec.Backbone, 16).Parameters + 8 * 16;
        Assert.That(two.Checkpoints, Is.EqualTo(2 * 2 * 2 * sizeof(float) * values), "jobs, copies, the weight and its momentum");
        Assert.That(DiskPlan.Estimate(trained, _ => data, _ => 100, jobs: 99)!.Checkpoints, Is.EqualTo(2 * two.Checkpoints), "four trials");
        Assert.That(DiskPlan.Estimate(trained, _ => data with { Scores = 2000 }, _ => 100, 2)!.Results - two.Results,
            Is.EqualTo(4 * 8 * 1000));
        Assert.That(DiskPlan.Estimate(trained, _ => data, _ => 2100, 2)!.Results - two.Results, Is.EqualTo(4 * 90 * 100));
        Assert.That(DiskPlan.Estimate([], _ => data, _ => 100, 2), Is.EqualTo(new DiskPlan(0, 0)));
        Assert.That(DiskPlan.Estimate(trained, _ => data with { Scores = null }, _ => 100, 2), Is.Null);
    }

    private static SuiteData DataOf(Suite suite) => SuiteData.OfTrials(suite, Tiny.Place.Data)(suite.Trials()[0]);

    private SuitePlan Plan(Suite suite, PoolShape shape)
    {
        using var data = new OpenedData(Tiny.Place.Data);
        return SuitePlan.Build(suite, suite.Trials(), store, Tiny.Place, shape, MemoryPlan.Largest(suite.Trials(), Tiny.Place, data),
            new SpeedCache(folder.File("speed")), data);
    }
}

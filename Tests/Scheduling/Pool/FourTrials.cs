using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Scheduling.Pool;
using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Losses;
using Ablation.Tests.Store;

namespace Ablation.Tests.Scheduling.Pool;

/// <summary>Tests of a pool that runs four trials of two losses and two seeds.</summary>
public abstract class FourTrials
{
    private TemporaryFolder folder = null!;

    private protected static PoolOptions TwoJobs { get; } = new(2, [new PoolDevice("cpu", "cpu")]);

    private protected static Suite Four { get; } =
        TinySuite.Of(new SoftmaxOptions(), new ArcFaceOptions { Scale = 8 }) with { Seeds = [1, 2] };

    private protected static IReadOnlyList<PlannedTrial> Trials { get; } = Four.Trials();

    private protected ResultStore Store { get; private set; } = null!;

    private protected RecordingView View { get; set; } = null!;

    [SetUp]
    public void Make()
    {
        Store = new ResultStore((folder = new TemporaryFolder()).Path);
        View = new RecordingView();
    }

    [TearDown]
    public void Remove()
    {
        View.Dispose();
        folder.Dispose();
    }

    private protected RunOutcome Run(ITrialStarter starter, PoolOptions options, CancellationToken stop = default,
        CancellationToken kill = default, Func<PlannedTrial, double?>? seconds = null, TimeProvider? time = null) =>
        TinyPool.Run(Four, Trials, Store, View, options, starter, stop, kill, seconds, time);

    private protected static string Id(int trial) => Trials[trial].Spec.Id();

    private protected int Finish(string id)
    {
        var trial = Trials.Single(one => one.Spec.Id() == id);
        Store.Save(ExampleOutput.Of(trial.Spec, trial.Label, 1));
        return TrialExit.Finished;
    }
}

using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Scheduling.Pool;
using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Harness.Provenance;
using Ablation.Tests.Training;

namespace Ablation.Tests.Scheduling.Pool;

/// <summary>Pools of tiny suites.</summary>
internal static class TinyPool
{
    public static readonly PoolOptions OneJob = new(1, [new PoolDevice("cpu", "cpu")], Linger: TimeSpan.Zero);

    /// <summary>Runs a suite in this process, one trial after another.</summary>
    public static RunOutcome Run(Suite suite, ResultStore store, IPoolView view, CancellationToken cancel = default,
        TrialPlace? place = null) =>
        Run(suite, suite.Trials(), store, view, OneJob, new InProcessStarter(place ?? Tiny.Place), cancel);

    public static RunOutcome Run(Suite suite, IReadOnlyList<PlannedTrial> trials, ResultStore store, IPoolView view, PoolOptions options,
        ITrialStarter starter,
        CancellationToken cancel = default, CancellationToken killNow = default, Func<PlannedTrial, double?>? seconds = null,
        TimeProvider? time = null)
    {
        var settings = new ProcessSettings(".", "cpu", 1);
        var estimates = TrialEstimates.Estimate(trials, store, Tiny.Place, seconds ?? (_ => null));
        return new LocalPool(options, starter, estimates, view, killNow, time).Run(new SuiteWork(suite, trials, store, settings), cancel);
    }
}

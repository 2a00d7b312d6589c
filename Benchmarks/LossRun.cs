using Ablation.Harness.Native;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Engines;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Mathematics.OutlierDetection;

namespace Ablation.Benchmarks;

/// <summary>The results of the loss benchmarks over a grid.</summary>
/// <param name="Timings">Cases that finished.</param>
/// <param name="Failed">Cases that did not.</param>
/// <param name="Peer">The peers' torch version; null where they were not run.</param>
/// <param name="NoPeer">Why the peers were not run; null where they were, or were not requested.</param>
public sealed record LossRun(IReadOnlyList<LossTiming> Timings, IReadOnlyList<LossCase> Failed, string? Peer, string? NoPeer)
{
    /// <summary>Measures every case of the grid.</summary>
    /// <param name="artifacts">Folder for the files of BenchmarkDotNet, including its log.</param>
    /// <param name="began">Called when a case begins.</param>
    /// <exception cref="OperationCanceledException">On <paramref name="cancel"/>; nothing is kept.</exception>
    public static LossRun Measure(LossGrid grid, string artifacts, Action<LossCase> began, CancellationToken cancel)
    {
        TorchNative.Prepare();
        CaseLedger.Clear();
        (LossBenchmark.Grid, LossBenchmark.Began, LossBenchmark.Cancel) = (grid, began, cancel);
        var reason = "";
        PeerProcess? tuned = null;
        using var standard = grid.Peers ? PeerProcess.Start("losses.py", grid.Threads, tuned: false, out reason) : null;
        using var second = tuned = standard is null ? null : PeerProcess.Start("losses.py", grid.Threads, tuned: true, out reason);
        LossBenchmark.PeerProblem = null;
        LossBenchmark.Peers = standard is not null && tuned is not null ? (standard, tuned) : null;
        try
        {
            var summary = BenchmarkRunner.Run<LossBenchmark>(Config(grid, artifacts).AddLogger(NullLogger.Instance));
            cancel.ThrowIfCancellationRequested();
            var reports = summary.Reports.ToLookup(report => LossColumn.Timing(report.BenchmarkCase));
            var timings = grid.Cases().Select(one => LossTiming.FromReports(one, reports[one])).OfType<LossTiming>().ToList();
            return new LossRun(timings, [.. grid.Cases().Except(timings.Select(timing => timing.Case))], LossBenchmark.Peers is null
                ? null : standard!.Torch, grid.Peers && LossBenchmark.Peers is null ? LossBenchmark.PeerProblem ?? reason : null);
        }
        finally
        {
            (LossBenchmark.Peers, LossBenchmark.Began, LossBenchmark.Cancel) = (null, null, default);
        }
    }

    /// <summary>Runs in this process: a separate project per case would copy half a gigabyte of libtorch each time.</summary>
    public static ManualConfig Config(LossGrid grid, string artifacts) => ManualConfig.CreateEmpty()
        .WithOptions(ConfigOptions.DisableOptimizationsValidator)
        .AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithStrategy(RunStrategy.Monitoring).WithLaunchCount(1)
            .WithWarmupCount(grid.WarmUps).WithIterationCount(grid.Iterations).WithInvocationCount(1).WithUnrollFactor(1)
            .WithEvaluateOverhead(false).WithOutlierMode(OutlierMode.DontRemove))
        .AddColumn(TargetMethodColumn.Method).AddColumnProvider(DefaultColumnProviders.Params).AddColumn(LossColumn.All)
        .AddExporter(MarkdownExporter.GitHub)
        .WithArtifactsPath(artifacts);
}

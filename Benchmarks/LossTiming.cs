using BenchmarkDotNet.Engines;
using BenchmarkDotNet.Reports;

namespace Ablation.Benchmarks;

/// <summary>What was measured of one case; medians over iterations, in milliseconds.</summary>
/// <param name="Ratio">Forward and backward over the floor, the median of the iterations' own ratios.</param>
/// <param name="Forward">Null where that method was not run.</param>
/// <param name="Step">Forward, backward and the step of the proxies' optimiser.</param>
/// <param name="OwnFloor">The floor by the kernels' own multiplication; null where the processor does not run it.</param>
/// <param name="PeakBytes">Null where it cannot be measured.</param>
public sealed record LossTiming(LossCase Case, double? Forward, double ForwardBackward, double? Step, double Floor, double? OwnFloor,
    MedianInterval Ratio, long? PeakBytes, double? PeerTuned, double? PeerDefault)
{
    /// <summary>Images a second of forward and backward.</summary>
    public double ImagesPerSecond => 1000 * Case.Batch / ForwardBackward;

    /// <summary>Puts the reports of a case together; null where forward and backward did not finish.</summary>
    public static LossTiming? Of(LossCase one, IEnumerable<BenchmarkReport> reports)
    {
        var samples = reports.ToDictionary(report => report.BenchmarkCase.Descriptor.WorkloadMethod.Name, report => Samples(one, report));
        if (!samples.TryGetValue(nameof(LossBenchmark.ForwardBackward), out var both) || both.Count == 0) return null;
        var ledger = CaseLedger.Find(one, nameof(LossBenchmark.ForwardBackward))!;
        var floors = ledger.Floor.TakeLast(both.Count).ToList();
        return new LossTiming(one, Median(nameof(LossBenchmark.Forward)), MedianInterval.Middle(both), Median(nameof(LossBenchmark.Step)), MedianInterval.Middle(floors),
            Neighbour(ledger.OwnFloor), MedianInterval.Of([.. both.Zip(floors, (time, floor) => time / floor)]), ledger.PeakBytes,
            Neighbour(ledger.PeerTuned), Neighbour(ledger.PeerDefault));

        double? Median(string method) => samples.TryGetValue(method, out var times) && times.Count > 0 ? MedianInterval.Middle(times) : null;

        double? Neighbour(List<double> values) => values.Count == 0 ? null : MedianInterval.Middle([.. values.TakeLast(both.Count)]);
    }

    private static List<double> Samples(LossCase one, BenchmarkReport report)
    {
        var repeats = CaseLedger.Find(one, report.BenchmarkCase.Descriptor.WorkloadMethod.Name)?.Repeats ?? 1;
        return [.. report.AllMeasurements.Where(m => m.IterationMode == IterationMode.Workload && m.IterationStage == IterationStage.Actual)
            .OrderBy(m => m.IterationIndex).Select(m => m.Nanoseconds / m.Operations / 1e6 / repeats)];
    }
}

using BenchmarkDotNet.Engines;
using BenchmarkDotNet.Reports;

namespace Ablation.Benchmarks;

/// <summary>The measurements of one case: medians over iterations, in milliseconds.</summary>
/// <param name="Ratio">Forward and backward over the floor, the median of the iterations' own ratios.</param>
/// <param name="Forward">The value only; null in files that lack it.</param>
/// <param name="Step">Forward, backward and the step of the proxies' optimiser.</param>
/// <param name="OwnFloor">The floor by the kernels' own multiplication; null where the processor does not run it.</param>
/// <param name="PeakBytes">Null where it cannot be measured.</param>
public sealed record LossTiming(LossCase Case, double? Forward, double ForwardBackward, double? Step, double Floor, double? OwnFloor,
    MedianInterval Ratio, long? PeakBytes, double? PeerTuned, double? PeerDefault)
{
    /// <summary>Images per second of forward and backward.</summary>
    public double ImagesPerSecond => 1000 * Case.Batch / ForwardBackward;

    /// <summary>Collects the measurements of a case; null where it did not finish.</summary>
    public static LossTiming? FromReports(LossCase one, IEnumerable<BenchmarkReport> reports)
    {
        var count = reports.SelectMany(report => report.AllMeasurements)
            .Count(m => m.IterationMode == IterationMode.Workload && m.IterationStage == IterationStage.Actual);
        if (count == 0 || CaseLedger.Find(one) is not { } ledger || ledger.Laps.Count < count) return null;
        var laps = ledger.Laps.TakeLast(count).ToList();
        var floors = ledger.Floor.TakeLast(count).ToList();
        return new LossTiming(one, Median(lap => lap.Forward), Median(lap => lap.ForwardBackward), Median(lap => lap.Step),
            MedianInterval.Middle(floors),
            Neighbour(ledger.OwnFloor), MedianInterval.Compute([.. laps.Zip(floors, (lap, floor) => lap.ForwardBackward / floor)]),
                ledger.PeakBytes,
            Neighbour(ledger.PeerTuned), Neighbour(ledger.PeerDefault));

        double Median(Func<LossLaps, double> part) => MedianInterval.Middle([.. laps.Select(part)]);

        double? Neighbour(List<double> values) => values.Count == 0 ? null : MedianInterval.Middle([.. values.TakeLast(count)]);
    }
}

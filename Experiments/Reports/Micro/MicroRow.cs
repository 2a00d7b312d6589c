using Ablation.Benchmarks;
using Ablation.Experiments.Suites;
using Ablation.Losses.Heads;

namespace Ablation.Experiments.Reports.Micro;

/// <summary>Identifies a measurement: two rows with the same key measure the same thing.</summary>
/// <param name="Loss">"ArcFace", "Npt (k 6)".</param>
/// <param name="Implementation">straight, stored or tiled.</param>
/// <param name="Precision">matmulPrecision, as in a suite.</param>
public sealed record MicroKey(string Loss, string Implementation, int Batch, int Classes, int Dimension, int Threads, string Precision);

/// <summary>A row of losses.csv: medians in milliseconds; null where something was not measured.</summary>
/// <param name="Ratio">Forward and backward over the floor, with its interval.</param>
/// <param name="PeerMs">The peer with the allocator tuned as here.</param>
/// <param name="Commit">Of the program that measured the row.</param>
public sealed record MicroRow(MicroKey Key, double? ForwardMs, double ForwardBackwardMs, double? StepMs, double FloorMs, double? OwnFloorMs,
    MedianInterval Ratio, long? PeakBytes, double? PeerMs, double? PeerDefaultMs, string Commit)
{
    /// <summary>Bytes of one float32 B x C matrix.</summary>
    public long MatrixBytes => 4L * Key.Batch * Key.Classes;

    public static MicroRow FromTiming(LossTiming timing, LossGrid grid, string commit) => new(
        KeyOf(timing.Case, grid), timing.Forward, timing.ForwardBackward, timing.Step, timing.Floor, timing.OwnFloor, timing.Ratio,
            timing.PeakBytes, timing.PeerTuned, timing.PeerDefault, commit);

    public static MicroKey KeyOf(LossCase one, LossGrid grid) => new(
        one.Label, one.ImplementationName, one.Batch, one.Classes, one.Dimension, grid.Threads,
        Labels.Text(one.Implementation == HeadImplementation.Straight ? MatmulPrecision.Highest : grid.Precision));

    /// <summary>
    /// Returns the rows of an earlier file, with rows of this run replacing them and without those that failed now, in a fixed order.
    /// </summary>
    public static IReadOnlyList<MicroRow> Merge(IEnumerable<MicroRow> earlier, IReadOnlyList<MicroRow> now, IEnumerable<MicroKey> failed)
    {
        var measured = now.Select(row => row.Key).Concat(failed).ToHashSet();
        return [.. earlier.Where(row => !measured.Contains(row.Key)).Concat(now).OrderBy(row => row.Key.Dimension)
            .ThenBy(row => row.Key.Classes).ThenBy(row => row.Key.Batch)
            .ThenBy(row => row.Key.Threads).ThenBy(row => row.Key.Precision, StringComparer.Ordinal)
            .ThenBy(row => row.Key.Loss, StringComparer.Ordinal)
            .ThenBy(row => row.Key.Implementation, StringComparer.Ordinal)];
    }
}

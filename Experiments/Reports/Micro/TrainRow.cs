using Ablation.Benchmarks;

namespace Ablation.Experiments.Reports.Micro;

/// <summary>A row of training.csv. Two rows with the same case measure the same thing.</summary>
/// <param name="Commit">Commit of the program that measured it.</param>
public sealed record TrainRow(TrainTiming Timing, string Commit)
{
    public TrainCase Case => Timing.Case;

    /// <summary>
    /// Returns the rows of an earlier file, with rows of this run replacing them and without those that failed now, in a fixed order.
    /// </summary>
    public static IReadOnlyList<TrainRow> Merge(IEnumerable<TrainRow> earlier, IReadOnlyList<TrainRow> now, IEnumerable<TrainCase> failed)
    {
        var measured = now.Select(row => row.Case).Concat(failed).ToHashSet();
        var networks = TrainGrid.Networks.Keys.ToList(); // from the smallest
        return [.. earlier.Where(row => !measured.Contains(row.Case)).Concat(now).OrderBy(row => networks.IndexOf(row.Case.Network))
            .ThenBy(row => row.Case.Pixels)
            .ThenBy(row => row.Case.Batch).ThenBy(row => row.Case.Threads).ThenBy(row => row.Case.Precision)
            .ThenBy(row => row.Case.Layout, StringComparer.Ordinal)
            .ThenBy(row => row.Case.Loss, StringComparer.Ordinal).ThenBy(row => row.Case.Device, StringComparer.Ordinal)];
    }
}

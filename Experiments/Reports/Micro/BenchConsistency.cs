using Ablation.Benchmarks;

namespace Ablation.Experiments.Reports.Micro;

/// <summary>Finds rows of benchmarks that contradict each other or themselves because of noise. They must be measured again, not
/// published.</summary>
public static class BenchConsistency
{
    private const int MostNamed = 5; // in one message
    private const double MostApart = 1.5; // times of losses that do the same work

    // one product, one log-sum-exp and a margin on B values each: the same work
    private static readonly HashSet<string> SameWork = ["ArcFace", "CombinedMargin", "CosFace", "NormalisedSoftmax"];

    /// <summary>Returns what is wrong with rows of losses.csv; empty when they agree.</summary>
    public static IReadOnlyList<string> Contradictions(IReadOnlyList<MicroRow> rows) =>
        [.. Twice(rows.Select(row => Name(row.Key))), .. OfOrder(rows), .. OfWork(rows)];

    /// <summary>Returns parts that are slower than the whole, and medians outside their interval.</summary>
    public static IEnumerable<string> OfOrder(IEnumerable<MicroRow> rows)
    {
        foreach (var row in rows)
        {
            if (row.ForwardMs > row.ForwardBackwardMs)
                yield return $"{Name(row.Key)}: forward takes {Ms(row.ForwardMs)}, forward and backward {Ms(row.ForwardBackwardMs)}";
            if (row.ForwardBackwardMs > row.StepMs)
                yield return $"{Name(row.Key)}: forward and backward take {Ms(row.ForwardBackwardMs)}, with the step {Ms(row.StepMs)}";
            if (!(row.Ratio.Low <= row.Ratio.Median && row.Ratio.Median <= row.Ratio.High))
                yield return $"{Name(row.Key)}: the ratio to the floor is outside its interval";
        }
    }

    /// <summary>Returns what is wrong with rows of training.csv; empty when they agree.</summary>
    public static IReadOnlyList<string> Contradictions(IReadOnlyList<TrainRow> rows) =>
        [.. Twice(rows.Select(row => row.Case.ToString())), .. rows.SelectMany(row => OfParts(row.Timing))];

    /// <summary>Refuses a page whose figures contradict each other.</summary>
    /// <param name="command">Measures them again.</param>
    /// <exception cref="InvalidDataException">There are contradictions.</exception>
    internal static void Refuse(IReadOnlyList<string> contradictions, string command)
    {
        if (contradictions.Count == 0) return;
        var more = contradictions.Count > MostNamed ? $"; and {contradictions.Count - MostNamed} more" : "";
        throw new InvalidDataException(
            $"{string.Join("; ", contradictions.Take(MostNamed))}{more}. Measure these rows again: {command} replaces them");
    }

    private static IEnumerable<string> OfWork(IEnumerable<MicroRow> rows)
    {
        foreach (var alike in rows.Where(row => SameWork.Contains(row.Key.Loss)).GroupBy(row => row.Key with { Loss = "" }))
        {
            var (fastest, slowest) = (alike.MinBy(row => row.Ratio.Median)!, alike.MaxBy(row => row.Ratio.Median)!);
            // if the intervals overlap, the difference is noise that the table shows
            if (slowest.Ratio.Median > MostApart * fastest.Ratio.Median && slowest.Ratio.Low > fastest.Ratio.High)
                yield return $"{Name(slowest.Key)}: {slowest.Ratio.Median:F2} x the floor, where {fastest.Key.Loss} does the same work " +
                    $"in {fastest.Ratio.Median:F2}";
        }
    }

    private static IEnumerable<string> OfParts(TrainTiming timing)
    {
        var parts = timing.Stages;
        foreach (var (name, rate) in new[] { ("forward", parts.Forward), ("loss", parts.Loss), ("backward", parts.Backward),
            ("forward and backward", parts.ForwardBackward), ("step", parts.Step) })
        {
            if (rate < timing.Bare)
                yield return $"{timing.Case}: {name} alone makes {rate:F1} images/s, the whole bare step {timing.Bare:F1}";
        }

        if (timing.WholeToBare.Low > 1)
            yield return $"{timing.Case}: the whole loop is faster than the bare network in every round " +
                $"({timing.WholeToBare.Low:F2} x and more)";
    }

    private static IEnumerable<string> Twice(IEnumerable<string> names) =>
        names.CountBy(name => name).Where(name => name.Value > 1).Select(name => $"{name.Key}: measured {name.Value} times in one file");

    private static string Name(MicroKey key) =>
        $"{key.Loss}, {key.Implementation}, B = {key.Batch}, C = {key.Classes}, D = {key.Dimension}, {key.Threads} threads, " +
        $"{key.Precision}";

    private static string Ms(double? value) => $"{value:F3} ms";
}

using Ablation.Experiments.Reports.Micro;

namespace Ablation.Experiments.Reports.Pages;

/// <summary>Peak memory and speed of the cases that two training.csv of <c>bench train</c> share: before and after a change.</summary>
public sealed class BeforeAfterBlock : IPageBlock
{
    private const string Head = "| network, px | peak before, MiB | peak after, MiB | after / before | PyTorch's peak, MiB | bare network's rate, after / before |\n"
        + "| --- | ---: | ---: | ---: | ---: | ---: |\n";

    public string Name => "before-after";

    public string Arguments => "BEFORE AFTER";

    public string Write(IReadOnlyList<string> arguments, string folder)
    {
        var (before, after) = (Rows(arguments[0], folder), Rows(arguments[1], folder));
        var shared = before.Join(after, row => row.Case, row => row.Case, (old, now) => (Old: old, Now: now)).ToList();
        if (shared.Count == 0) throw new InvalidDataException($"{arguments[0]} and {arguments[1]} have no case in common");
        var origin = $"Before: commit {Commits(before)}; after: {Commits(after)}.";
        return $"\n{origin}\n\n{Head}{string.Concat(shared.Select(pair => Line(pair.Old, pair.Now)))}\n";
    }

    private static IReadOnlyList<TrainRow> Rows(string file, string folder) => TrainCsv.Read(Path.Combine(folder, file));

    private static string Commits(IReadOnlyList<TrainRow> rows) => string.Join(", ", rows.Select(row => row.Commit).Distinct());

    private static string Line(TrainRow old, TrainRow now) => FormattableString.Invariant(
        $"| {now.Case.Network}, {now.Case.Pixels} | {Mebibytes(old.Timing.PeakBytes)} | {Mebibytes(now.Timing.PeakBytes)} | {Ratio(now.Timing.PeakBytes, old.Timing.PeakBytes)} |")
        + FormattableString.Invariant($" {Mebibytes(now.Timing.Peer?.PeakBytes)} | {Ratio(now.Timing.Bare, old.Timing.Bare)} |\n");

    private static string Mebibytes(long? bytes) => bytes is { } known ? FormattableString.Invariant($"{known / (double)(1 << 20):N0}") : "n/a";

    private static string Ratio(double? now, double? old) => now / old is { } ratio ? FormattableString.Invariant($"{ratio:0.00}") : "n/a";
}

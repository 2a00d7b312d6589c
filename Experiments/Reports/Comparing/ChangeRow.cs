using Ablation.Experiments.Reports.Tables;
using Ablation.Experiments.Terminal;
using Ablation.Harness.Statistics;

namespace Ablation.Experiments.Reports.Comparing;

/// <summary>A row of a comparison on the terminal: two means, their difference with its interval, and the verdict.</summary>
internal sealed record ChangeRow(string Name, string A, string B, string N, string Difference, string Interval, string P, string Verdict)
{
    /// <param name="comparison">Null for the row that the others are compared with.</param>
    public static ChangeRow Of(string name, ResultCell? a, ResultCell b, LossComparison? comparison, string word, ValueFormat format) =>
        new(name, a is null ? "" : format.Text(a.Known), format.Text(b.Known), comparison is null ? $"{b.N}" : $"{comparison.N}",
        comparison is null ? "" : format.Signed(comparison.Difference),
        (comparison?.Simultaneous ?? comparison?.Alone) is { } ends ? ComparisonWords.Ends(ends, format) : "",
        comparison is null ? "" : PowerTable.P(comparison.AdjustedP), word);

    /// <summary>Lays rows out; what does not fit goes in this order: p, seeds, interval.</summary>
    /// <param name="a">Heading of the first mean; null to leave it out.</param>
    public static IReadOnlyList<string> Lines(IReadOnlyList<ChangeRow> rows, string? a, string b, TerminalLook look) => FittedTable.Lines(
    [
        new("loss", [.. rows.Select(row => row.Name)]) { IsName = true },
        .. a is null ? [] : new FittedColumn[] { new(a, [.. rows.Select(row => row.A)]) { IsRight = true } },
        new(b, [.. rows.Select(row => row.B)]) { IsRight = true },
        new("seeds", [.. rows.Select(row => row.N)], Order: 2) { IsRight = true },
        new("difference", [.. rows.Select(row => row.Difference)]) { IsRight = true },
        new("95 % interval", [.. rows.Select(row => row.Interval)], Order: 1),
        new("p", [.. rows.Select(row => row.P)], Order: 3) { IsRight = true },
        new("verdict", [.. rows.Select(row => row.Verdict)]) { IsText = true },
    ], look.Width, look.HasSymbols);
}

using Ablation.Experiments.Suites;
using Ablation.Experiments.Terminal;

namespace Ablation.Experiments.Scheduling;

/// <summary>A plan as a table that fits the terminal, and its totals. What all rows share stands in the head.</summary>
public static class PlanTable
{
    /// <summary>Returns title, what the rows share, the table, and the totals.</summary>
    /// <param name="now">When the run would begin, in the time zone in which its end is shown.</param>
    public static IEnumerable<string> Lines(string title, SuitePlan plan, string device, DateTimeOffset now, TerminalLook look)
    {
        var networks = plan.Rows.Select(row => Labels.Full(row.Condition.Backbone)).Distinct().ToList();
        var pixels = plan.Rows.Select(row => row.Condition.Resolution).Distinct().ToList();
        var epochs = plan.Rows.Where(row => row.Label != Labels.Untrained).Select(row => row.Condition.Training.Epochs).Distinct().ToList();
        string[] shared = [.. networks.Count == 1 ? [networks[0]] : (string[])[], .. pixels.Count == 1 ? [$"{pixels[0]} px"] : (string[])[],
            .. epochs.Count == 1 ? [$"{epochs[0]} {(epochs[0] == 1 ? "epoch" : "epochs")}"] : (string[])[]];
        IReadOnlyList<string> table = FittedTable.Lines(
        [
            .. networks.Count > 1 ? [Column("network", row => Labels.Full(row.Condition.Backbone)) with { IsName = true }]
                : (FittedColumn[])[],
            .. pixels.Count > 1 ? [Number("px", row => $"{row.Condition.Resolution}")] : (FittedColumn[])[],
            .. epochs.Count > 1 ? [Number("epochs", row => row.Label == Labels.Untrained ? "0" : $"{row.Condition.Training.Epochs}", 3)]
                : (FittedColumn[])[],
            Column("loss", row => row.Label) with { IsName = true },
            Number("trials", row => $"{row.Trials}"),
            Number("done", row => $"{row.Kept}"),
            Number("steps/s", row => row.StepsPerSecond?.ToString("G3") ?? "n/a", 4),
            Number("embed img/s", row => row.EmbeddedPerSecond?.ToString("F0") ?? "n/a", 5),
            Number("a trial", row => row.Estimate?.Seconds is { } seconds ? Digits.Time(seconds) : "n/a"),
            Column("known from", row => row.Estimate switch
            {
                null => "n/a",
                { Finished: 0 } => "a short try",
                var known => $"{known.Finished} finished",
            }, 2),
        ], look.IsTerminal ? look.Width - 4 : look.Width, look.HasSymbols);
        return
        [
            .. Fit.Wrap(title, look.Width),
            .. shared.Length > 0 ? [string.Join(", ", shared)] : (string[])[], "",
            .. table.Select(line => $"    {line}"), "",
            .. PlanText.Lines(plan, device, now).SelectMany(line => Fit.Wrap(line, look.Width, 2)),
        ];

        FittedColumn Column(string head, Func<PlannedRow, string> cell, int order = 0) => new(head, [.. plan.Rows.Select(cell)], order);

        FittedColumn Number(string head, Func<PlannedRow, string> cell, int order = 0) => Column(head, cell, order) with { IsRight = true };
    }
}

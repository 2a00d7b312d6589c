using Ablation.Experiments.Terminal;
using Ablation.Harness;
using Ablation.Harness.Training;

namespace Ablation.Experiments.Scheduling;

/// <summary>The line of a finished trial, which a run prints once; a heading stands above the first.</summary>
/// <param name="layout">Of the suite: the width of names, and which columns differ. Its rows are not read.</param>
/// <param name="tests">Number of the suite's tests.</param>
internal sealed class FinishedRow(Standing layout, int tests)
{
    private const int Wide = 100, ShortId = 8, LeastAccuracy = 10;

    /// <summary>Returns the heading of the columns.</summary>
    public string Head(TerminalLook look) => Ink.Of(
        new string(' ', StateMarks.Text(StateMark.Done, look.HasSymbols).Length)
        + FittedTable.Lines(Columns(new Cells("", "", "", 0, "", null, null, ""), look, hasHead: true), Width(look), look.HasSymbols)[0],
        Ink.Grey, look.HasColour);

    /// <summary>Returns the line of a result and, where something needs to be said, further lines.</summary>
    public IEnumerable<string> Lines(TrialResult result, string network, TimeSpan took, TerminalLook look)
    {
        var isDone = result.Status == TrialStatus.Done;
        var accuracy = isDone
            ? string.Join("  ", PoolLines.Accuracies(result).Select(one => Digits.Percent(one.Value).PadLeft(5))) : None(look);
        var cells = new Cells(result.Label, $"{result.Spec.Seed}", network, result.Spec.Resolution, accuracy.Trim(), result.FinalLoss,
            took.TotalSeconds, result.Id);
        yield return StateMarks.Before(
            FittedTable.Lines(Columns(cells, look, hasHead: false), Width(look), look.HasSymbols)[0],
            isDone ? StateMark.Done : StateMark.Diverged, look);
        foreach (var note in PoolLines.Notes(result))
            foreach (var line in Fit.Wrap($"    {note}", look.Width, 4)) yield return line;
    }

    /// <summary>What stands where there is nothing to measure.</summary>
    private static string None(TerminalLook look) => look.HasSymbols ? "–" : "-";

    private static int Width(TerminalLook look) => look.Width - StateMarks.Text(StateMark.Done, look.HasSymbols).Length;

    private List<FittedColumn> Columns(Cells cells, TerminalLook look, bool hasHead)
    {
        FittedColumn One(string head, string cell, int least, int order, bool isRight) =>
            new(hasHead ? head : "", [hasHead ? "" : cell], order) { Least = Math.Max(least, head.Length), IsRight = isRight };
        List<FittedColumn> columns =
        [
            One("loss", cells.Loss, layout.NameWidth, 0, false) with { IsName = true },
            One("seed", cells.Seed, 3, 0, true),
        ];
        if (layout.HasNetworks) columns.Add(One("network", cells.Network, 12, 1, false) with { IsName = true });
        if (layout.HasPixels) columns.Add(One("px", $"{cells.Pixels}", 3, 2, true));
        columns.Add(One("accuracy %", cells.Accuracy, Math.Max(LeastAccuracy, 7 * tests - 2), 0, true));
        columns.Add(One("loss", cells.TrainLoss is { } loss ? Digits.Loss(loss) : None(look), 6, 3, true));
        columns.Add(One("took", cells.Seconds is { } seconds ? Digits.Time(seconds) : "", 8, 0, true));
        var id = look.Width >= Wide ? cells.Id : cells.Id[..Math.Min(ShortId, cells.Id.Length)];
        columns.Add(One("trial", id, ShortId, 4, false));
        return columns;
    }

    /// <param name="TrainLoss">Null for the untrained network.</param>
    private sealed record Cells(string Loss, string Seed, string Network, int Pixels, string Accuracy, double? TrainLoss, double? Seconds,
        string Id);
}

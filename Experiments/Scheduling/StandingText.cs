using Ablation.Experiments.Terminal;

namespace Ablation.Experiments.Scheduling;

/// <summary>Lays out where a suite stands for a width. Pure: the same standing and width give the same lines.</summary>
public static class StandingText
{
    /// <summary>Columns from which on numbers have their units beside them, and rows their epochs.</summary>
    private const int Wide = 100;

    private const int ShortestBar = 12;

    /// <summary>Returns a line per running trial, which never wraps, with a bar where the width suffices.</summary>
    /// <param name="hasId">Whether a wide row ends in the trial's id and the time since its last sign of life.</param>
    public static IReadOnlyList<string> Rows(Standing standing, TerminalLook look, bool hasHead = false, bool hasId = false)
    {
        if (standing.Rows.Count == 0) return [];
        var mark = StateMarks.Text(StateMark.Running, look.HasSymbols).Length;
        var width = look.IsTerminal ? look.Width - mark : Wide;
        var lines = FittedTable.Lines(Columns(standing, width >= Wide - mark, hasHead, hasId), width, look.HasSymbols);
        var head = lines.Count - standing.Rows.Count;
        return [.. lines.Select((line, i) => i < head
            ? Ink.Of(new string(' ', mark) + line, Ink.Grey, look.HasColour)
            : StateMarks.Before(line, standing.Rows[i - head].Silent is null ? StateMark.Running : StateMark.Waiting, look))];
    }

    /// <summary>Returns "3 done · 2 running · 9 waiting · 0 failed" and the end, on one line or two.</summary>
    /// <param name="lead">Stands before the counts.</param>
    public static IEnumerable<string> Counts(Standing standing, string lead, TerminalLook look, DateTimeOffset now)
    {
        var counts = standing.Counts;
        var dot = look.HasSymbols ? " · " : ", ";
        string[] parts =
        [
            $"{counts.Done} done", $"{counts.Running} running",
            $"{counts.Waiting} waiting{(counts.Begun > 0 ? $" ({counts.Begun} begun)" : "")}", $"{counts.Failed} failed",
            .. counts.Unusual.Length > 0 ? [counts.Unusual] : (string[])[],
        ];
        var left = lead + string.Join(dot, parts);
        if (!look.IsTerminal || left.Length <= look.Width) return Fit.Ends(left, End(standing.End, now), look.Width);
        return [.. Fit.Wrap(left, look.Width, 4),
            .. End(standing.End, now) is { Length: > 0 } end ? Fit.Wrap("    " + end, look.Width, 4) : []];
    }

    /// <summary>Returns "end: about 21:10 (3 of 14)"; "end: in a minute" where it can only be known then.</summary>
    public static string End(StandingEnd end, DateTimeOffset now)
    {
        if (end.At is not { } at) return end.Ground;
        var clock = at.ToString(at.Date == now.ToOffset(at.Offset).Date ? "HH:mm" : "yyyy-MM-dd HH:mm");
        return $"end: about {clock}{(end.Ground.Length > 0 ? $" ({end.Ground})" : "")}";
    }

    private static List<FittedColumn> Columns(Standing standing, bool isWide, bool hasHead, bool hasId)
    {
        var rows = standing.Rows;
        var hasUnits = isWide && !hasHead;
        string Head(string text) => hasHead ? text : "";
        List<FittedColumn> columns =
        [
            new(Head("loss"), Cells(row => row.Loss)) { IsName = true, Least = standing.NameWidth },
            new(Head("seed"), Cells(row => $"{row.Seed}")) { IsRight = true, Least = 3 },
        ];
        if (standing.HasNetworks) columns.Add(new(Head("network"), Cells(row => row.Network), 1));
        if (standing.HasPixels) columns.Add(new(Head("px"), Cells(row => $"{row.Pixels}"), 2) { IsRight = true });
        columns.Add(new(Head("progress"), Cells(_ => ""), 4) { Least = ShortestBar, Shares = [.. rows.Select(row => row.Share)] });
        if (isWide)
            columns.Add(new(Head("epoch"), Cells(row => row.Epoch is { } at ? $"{Unit("epoch ", hasUnits)}{at:F1}/{row.Epochs}" : ""), 5)
            { IsRight = true });
        columns.Add(new(Head("step"), Cells(row => Step(row, hasUnits))) { IsRight = true, Least = StepWidth(rows, hasUnits) });
        columns.Add(new(Head("loss"), Cells(row => row.TrainLoss is { } loss ? Unit("loss ", hasUnits) + Digits.Loss(loss) : ""))
        {
            IsRight = true,
            Least = hasUnits ? 10 : 5,
        });
        columns.Add(new(Head("img/s"), Cells(row => row.ImagesPerSecond is { } speed ? $"{speed:F0}{(hasHead ? "" : " img/s")}" : ""), 3)
        { IsRight = true, Least = hasHead ? 5 : 10 });
        columns.Add(new(Head("left"), Cells(row => row.SecondsLeft is { } left ? Digits.Time(left) : "n/a"))
        {
            IsRight = true,
            Least = 7,
        });
        if (rows.Any(row => row.Silent is not null))
            columns.Add(new(Head("heard"), Cells(row => row.Silent is { } silent ? $"silent {Digits.Time(silent.TotalSeconds)}" : ""), 1));
        if (hasId && isWide) columns.Add(new(Head("trial"), Cells(row => row.Id), 6));
        return columns;

        IReadOnlyList<string> Cells(Func<StandingRow, string> cell) => [.. rows.Select(cell)];
    }

    private static string Unit(string unit, bool isShown) => isShown ? unit : "";

    private static string Step(StandingRow row, bool hasUnits) =>
        row.Phase.Length > 0 ? row.Phase : $"{Unit("step ", hasUnits)}{row.Step}/{row.Steps}";

    private static int StepWidth(IReadOnlyList<StandingRow> rows, bool hasUnits) =>
        rows.Max(row => Step(row with { Step = row.Steps, Phase = "" }, hasUnits).Length);
}

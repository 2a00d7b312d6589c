using Ablation.Experiments.Terminal;

namespace Ablation.Experiments.Scheduling;

/// <summary>The block of a run in a terminal: a rule, a row per running trial, counts with the end, and the bar of the suite.</summary>
public static class LiveText
{
    private const int LongestBar = 46, ShortestBar = 10;
    private const int OtherLines = 4; // rule, counts, their second line, bar
    private const string Key = "Ctrl-C: pause", Keys = "Ctrl-C: pause, again: stop now";

    /// <summary>Returns lines that fit the terminal in both directions; rows that do not are counted.</summary>
    public static IReadOnlyList<string> Lines(Standing standing, TerminalLook look, DateTimeOffset now)
    {
        var most = look.Height == TerminalLook.Unlimited ? standing.Rows.Count : Math.Max(1, look.Height - OtherLines - 1);
        var rows = StandingText.Rows(standing, look);
        var cut = rows.Count > most
            ? [.. rows.Take(most - 1), $"    and {rows.Count - most + 1} more"] : rows;
        return
        [
            Ink.Of(new string(look.HasSymbols ? '─' : '-', look.Width), Ink.Grey, look.HasColour),
            .. cut,
            .. StandingText.Counts(standing, "    ", look, now),
            Bar(standing.Counts, look),
        ];
    }

    private static string Bar(StandingCounts counts, TerminalLook look)
    {
        var ended = counts.Done + counts.Failed;
        var share = (double)ended / Math.Max(1, ended + counts.Running + counts.Waiting);
        var keys = look.Width >= 100 ? Keys : Key;
        var length = Math.Min(LongestBar, look.Width - 4 - 2 - keys.Length);
        return length >= ShortestBar
            ? $"    {StateMarks.Bar(share, length, look.HasSymbols)}  {keys}"
            : $"    {StateMarks.Bar(share, Math.Max(1, look.Width - 4), look.HasSymbols)}";
    }
}

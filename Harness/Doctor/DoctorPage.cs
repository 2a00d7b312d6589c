using System.Text;

namespace Ablation.Harness.Doctor;

/// <summary>Writes a report as plain text that is Markdown too, to be pasted into an issue.</summary>
public static class DoctorPage
{
    public const int Width = 100;

    public static string Write(DoctorReport report)
    {
        var page = new StringBuilder();
        var verdict = report.IsReady ? "ready" : $"NOT READY, {report.Count(CheckOutcome.Failed)} failed";
        Add($"# ablation doctor: {verdict}", "");
        Add("");
        Add($"{report.Device}; commit {report.Commit}; {report.Started.UtcDateTime:yyyy-MM-dd HH:mm} UTC; {report.Seconds:F1} s.", "");
        foreach (var check in report.Checks)
        {
            Add("");
            Add($"## {check.Title} ({check.Seconds:F1} s)", "");
            Add("");
            foreach (var line in check.Lines) Add(Text(line), "  ");
        }

        Add("");
        Add($"Verdict: {verdict}. {report.Count(CheckOutcome.Ok)} ok, {report.Count(CheckOutcome.Failed)} failed, " +
            $"{report.Count(CheckOutcome.Absent)} absent, {report.Count(CheckOutcome.Note)} to note.", "");
        return page.ToString();

        void Add(string text, string indent = "") => page.Append(Wrap(text, indent)).Append('\n');
    }

    /// <summary>Returns one line of a list: "- ok: ArcFace: worst error 3e-7; allowed 1e-4".</summary>
    private static string Text(CheckLine line)
    {
        var outcome = line.Outcome == CheckOutcome.Failed ? "FAILED" : line.Outcome.ToString().ToLowerInvariant();
        var tolerance = line.Tolerance is null ? "" : $"; allowed {line.Tolerance}";
        var cure = line.Cure is null ? "" : $"; {line.Cure}";
        return $"- {outcome}: {line.Name}: {line.Measured}{tolerance}{cure}".ReplaceLineEndings(" ");
    }

    /// <summary>Breaks at blanks; a word longer than a line is cut.</summary>
    private static string Wrap(string text, string indent)
    {
        var (lines, room) = (new StringBuilder(), Width);
        while (text.Length > room)
        {
            var at = text.LastIndexOf(' ', room);
            var end = at > 2 ? at : room;
            lines.Append(text.AsSpan(0, end)).Append('\n').Append(indent);
            (text, room) = (text[end..].TrimStart(), Width - indent.Length);
        }

        return lines.Append(text).ToString();
    }
}

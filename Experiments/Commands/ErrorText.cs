using System.Text.RegularExpressions;
using Ablation.Experiments.Terminal;

namespace Ablation.Experiments.Commands;

/// <summary>
/// An error on the screen: where, what, what would do; below it the line of the file with the place marked. It is the last thing that a
/// command prints.
/// </summary>
internal static partial class ErrorText
{
    private const int LongestSource = 160;
    private const string Lead = "error: ";

    /// <summary>Prints an error to standard error.</summary>
    public static void Print(string message)
    {
        Console.Out.Flush();
        foreach (var line in Lines(message, TerminalLook.OfErrors())) Console.Error.WriteLine(line);
    }

    /// <summary>Returns the lines of an error.</summary>
    /// <param name="message">One problem per line, each "PLACE: WHAT; CURE"; a line that begins with blanks belongs to the one
    /// before.</param>
    public static IEnumerable<string> Lines(string message, TerminalLook look)
    {
        foreach (var problem in message.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var lead = problem.StartsWith("  ", StringComparison.Ordinal) ? "" : Lead;
            var lines = Fit.Wrap(lead + problem.TrimEnd('\r'), look.Width, 2).ToList();
            yield return Ink.Of(lead.TrimEnd(), Ink.Red, look.HasColour) + lines[0][lead.TrimEnd().Length..];
            foreach (var line in lines.Skip(1)) yield return line;
            foreach (var line in Source(problem, look)) yield return line;
        }
    }

    /// <summary>Returns the line that the problem names and a line that marks the word there; none if it names no line of a file.</summary>
    private static IEnumerable<string> Source(string problem, TerminalLook look)
    {
        var place = Place().Match(problem);
        if (!place.Success || LineOf(place.Groups["file"].Value, int.Parse(place.Groups["line"].Value)) is not { } source) yield break;
        var (lead, width) = ($"  {place.Groups["line"].Value} | ", Math.Min(look.Width, LongestSource));
        var (shown, column) = (source.Replace('\t', ' '), Math.Min(int.Parse(place.Groups["column"].Value) - 1, source.Length));
        var marked = Marked(shown, column);
        var free = width - lead.Length;
        var from = Math.Max(0, column + Math.Min(marked, free / 2) - free + 1); // a long line is shown from near its place on
        yield return lead + Fit.End(shown[from..], free, look.HasSymbols);
        yield return new string(' ', lead.Length - 2) + "| " + new string(' ', column - from)
            + Ink.Of(new string('~', Math.Min(marked, Math.Max(1, free - column + from))), Ink.Red, look.HasColour);
    }

    /// <summary>Returns the length of the text in quotes, the number or the word at a column; 1 for anything else.</summary>
    private static int Marked(string source, int column) => Math.Max(1, Token().Match(source, column).Length);

    private static string? LineOf(string file, int line)
    {
        try
        {
            return File.Exists(file) ? File.ReadLines(file).ElementAtOrDefault(line - 1) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // the message stands without it
        }
    }

    [GeneratedRegex(@"^(?<file>[^\n]+?)\((?<line>\d+),(?<column>\d+)\): ")]
    private static partial Regex Place();

    [GeneratedRegex(@"\G(""(?:[^""\\]|\\.)*""|[-+.\w]+)")]
    private static partial Regex Token();
}

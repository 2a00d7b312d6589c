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

    /// <summary>Prints an error to standard error.</summary>
    public static void Print(string message)
    {
        Console.Out.Flush();
        foreach (var line in Lines(message, TerminalLook.OfErrors())) Console.Error.WriteLine(line);
    }

    /// <summary>Returns the lines of an error.</summary>
    /// <param name="message">One problem per line, each "PLACE: WHAT; CURE".</param>
    public static IEnumerable<string> Lines(string message, TerminalLook look)
    {
        foreach (var problem in message.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var first = true;
            foreach (var line in Fit.Wrap($"error: {problem.TrimEnd('\r')}", look.Width, 2))
            {
                yield return first ? Ink.Of("error:", Ink.Red, look.HasColour) + line["error:".Length..] : line;
                first = false;
            }

            foreach (var line in Source(problem, look)) yield return line;
        }
    }

    /// <summary>Returns the line that the problem names and a line that marks the word there; none if it names no line of a file.</summary>
    private static IEnumerable<string> Source(string problem, TerminalLook look)
    {
        var place = Place().Match(problem);
        if (!place.Success || LineOf(place.Groups["file"].Value, int.Parse(place.Groups["line"].Value)) is not { } source) yield break;
        var column = Math.Min(int.Parse(place.Groups["column"].Value) - 1, source.Length);
        var lead = $"  {place.Groups["line"].Value} | ";
        var shown = source.Replace('\t', ' ');
        var cut = Math.Max(0, column + Math.Min(Marked(shown, column), 20) - Math.Min(look.Width, LongestSource) + lead.Length + 1);
        yield return lead + Fit.End(shown[cut..], Math.Min(look.Width, LongestSource) - lead.Length, look.HasSymbols);
        yield return new string(' ', lead.Length - 2) + "| " + new string(' ', column - cut)
            + Ink.Of(new string('~', Math.Max(1, Math.Min(Marked(shown, column), Math.Min(look.Width, LongestSource) - lead.Length - column + cut))),
                Ink.Red, look.HasColour);
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

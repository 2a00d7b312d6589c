using System.Text.RegularExpressions;

namespace Ablation.Experiments.Terminal;

/// <summary>Colours, which only repeat what the words say.</summary>
public static partial class Ink
{
    private const string Reset = "\u001b[0m";

    public const string Green = "32", Blue = "34", Grey = "90", Red = "31", Amber = "33", Bold = "1";

    /// <summary>Returns the text in a colour, or as it is without colours.</summary>
    /// <param name="colour">One of the constants of this class.</param>
    public static string Of(string text, string colour, bool hasColour) =>
        hasColour && text.Length > 0 ? $"\u001b[{colour}m{text}{Reset}" : text;

    /// <summary>Returns the columns that a text takes.</summary>
    public static int Length(string text) => Sequence().Replace(text, "").Length;

    /// <summary>Cuts a text to a number of columns; colours take none.</summary>
    public static string Cut(string text, int width)
    {
        if (Length(text) <= width) return text;
        var (at, left) = (0, width);
        while (at < text.Length)
        {
            if (Sequence().Match(text, at) is { Success: true } match && match.Index == at) at += match.Length;
            else if (left-- > 0) at++;
            else break;
        }

        return text[..at] + (text.Contains('\u001b', StringComparison.Ordinal) ? Reset : "");
    }

    [GeneratedRegex("\u001b\\[[0-9;]*m")]
    private static partial Regex Sequence();
}

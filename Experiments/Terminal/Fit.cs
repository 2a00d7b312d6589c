namespace Ablation.Experiments.Terminal;

/// <summary>Cuts and wraps text to a number of columns. One character is one column: the program writes no wide ones.</summary>
public static class Fit
{
    /// <summary>Cuts the end of a text that is too long, with "…" or "~" in its place.</summary>
    public static string End(string text, int width, bool hasSymbols) =>
        text.Length <= width ? text : width < 1 ? "" : text[..(width - 1)] + Ellipsis(hasSymbols);

    /// <summary>Cuts the middle of a name that is too long, since names differ at their ends.</summary>
    public static string Middle(string text, int width, bool hasSymbols)
    {
        if (text.Length <= width) return text;
        if (width < 3) return End(text, width, hasSymbols);
        var tail = (width - 1) / 2;
        return text[..(width - 1 - tail)] + Ellipsis(hasSymbols) + text[^tail..];
    }

    /// <summary>Breaks a line at blanks; a word that is too long, such as a path, stays whole.</summary>
    /// <param name="indent">Blanks before the second and each later line.</param>
    public static IEnumerable<string> Wrap(string line, int width, int indent = 0)
    {
        var blanks = line.Length - line.TrimStart().Length;
        var (current, hasWord) = (line[..blanks], false);
        foreach (var word in line[blanks..].Split(' '))
        {
            if (hasWord && current.Length + 1 + word.Length > width)
            {
                yield return current;
                (current, hasWord) = (new string(' ', indent), false);
            }

            current += (hasWord ? " " : "") + word;
            hasWord = true;
        }

        yield return current;
    }

    /// <summary>Puts one text at the left and one at the right end of a line, or on two lines where one is too narrow.</summary>
    public static IEnumerable<string> Ends(string left, string right, int width)
    {
        const int Gap = 3;
        if (right.Length == 0) return [left];
        if (width == TerminalLook.Unlimited) return [$"{left}   {right}"];
        return left.Length + Gap + right.Length <= width ? [left + right.PadLeft(width - left.Length)] : [left, "    " + right];
    }

    private static string Ellipsis(bool hasSymbols) => hasSymbols ? "…" : "~";
}

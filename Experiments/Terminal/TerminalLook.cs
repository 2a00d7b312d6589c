using Spectre.Console;

namespace Ablation.Experiments.Terminal;

/// <summary>What a stream of this program can show.</summary>
/// <param name="Width">Columns; <see cref="Unlimited"/> for a file or a pipe.</param>
/// <param name="Height">Rows; <see cref="Unlimited"/> for a file or a pipe.</param>
/// <param name="HasEscapes">Whether the cursor can be moved: a terminal, and not TERM=dumb.</param>
/// <param name="HasColour">Whether colours may be added; not with NO_COLOR.</param>
/// <param name="HasSymbols">Whether characters outside ASCII are shown.</param>
public sealed record TerminalLook(int Width, int Height, bool HasEscapes, bool HasColour, bool HasSymbols)
{
    /// <summary>No limit of columns or rows.</summary>
    public const int Unlimited = int.MaxValue;

    private const int UsualWidth = 80, UsualHeight = 24; // of a terminal that does not say

    /// <summary>A file or a pipe: plain ASCII lines of any length.</summary>
    public static readonly TerminalLook OfFile = new(Unlimited, Unlimited, false, false, false);

    /// <summary>Whether a person looks at it.</summary>
    public bool IsTerminal => Width != Unlimited;

    /// <summary>Returns the look of standard output now; the width may change at any time.</summary>
    public static TerminalLook OfOutput() => Console.IsOutputRedirected ? OfFile : OfConsole();

    /// <summary>Returns the look of standard error now.</summary>
    public static TerminalLook OfErrors() => Console.IsErrorRedirected ? OfFile : OfConsole();

    /// <summary>Whether lines are wrapped again when the terminal becomes narrower; xterm and Linux' own console cut them.</summary>
    public static bool WrapsAgain =>
        Environment.GetEnvironmentVariable("TERM") != "linux" && Environment.GetEnvironmentVariable("XTERM_VERSION") is null;

    private static TerminalLook OfConsole()
    {
        var (width, height) = Size();
        var term = Environment.GetEnvironmentVariable("TERM");
        // Spectre switches the escape sequences of a Windows console on where it has them
        var hasEscapes = OperatingSystem.IsWindows()
            ? AnsiConsole.Profile.Capabilities.Ansi && term != "dumb" : term is { Length: > 0 } and not "dumb";
        var isColourful = hasEscapes && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        return new TerminalLook(width, height, hasEscapes, isColourful, HasUnicode(term));
    }

    private static (int Width, int Height) Size()
    {
        try
        {
            return (Console.WindowWidth is > 0 and var width ? width : UsualWidth,
                Console.WindowHeight is > 0 and var height ? height : UsualHeight);
        }
        catch (IOException) // the window has gone
        {
            return (UsualWidth, UsualHeight);
        }
    }

    /// <summary>A classic Windows console has no font for them, and Linux' own console only those of its code page.</summary>
    private static bool HasUnicode(string? term)
    {
        if (OperatingSystem.IsWindows()) return Environment.GetEnvironmentVariable("WT_SESSION") is not null;
        var locale = ((string[])["LC_ALL", "LC_CTYPE", "LANG"]).Select(Environment.GetEnvironmentVariable)
            .FirstOrDefault(value => !string.IsNullOrEmpty(value)) ?? "";
        return term != "linux" && locale.Replace("-", "", StringComparison.Ordinal)
            .EndsWith("utf8", StringComparison.OrdinalIgnoreCase);
    }
}

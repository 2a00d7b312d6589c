using System.Text;

namespace Ablation.Experiments.Terminal;

/// <summary>
/// Owns the last lines of a terminal: draws them as a whole in one write, and prints finished lines above them once. Not thread-safe.
/// </summary>
/// <param name="wrapsAgain"><see cref="TerminalLook.WrapsAgain"/>.</param>
public sealed class LiveBlock(TextWriter output, bool wrapsAgain = true)
{
    private const string Escape = "\u001b[";
    private const string Begin = Escape + "?2026h"; // drawn at once where the terminal can; the cursor stays: a killed run leaves it
    private const string Done = Escape + "?2026l";
    private const string EraseLine = Escape + "2K";
    private const string EraseBelow = Escape + "J";
    private IReadOnlyList<int> drawn = []; // columns of each line

    /// <summary>Prints lines above the block and draws the block again.</summary>
    /// <param name="above">Printed once; they may be longer than the terminal is wide.</param>
    /// <param name="block">Each fits the width; what does not is cut.</param>
    /// <param name="width">Columns of the terminal now.</param>
    public void Draw(IEnumerable<string> above, IReadOnlyList<string> block, int width)
    {
        var text = new StringBuilder(Begin);
        Rewind(text, width);
        foreach (var line in above) Put(text, line);
        List<string> cut = [.. block.Select(line => Ink.Cut(line, width))];
        foreach (var line in cut) Put(text, line);
        text.Append(EraseBelow).Append(Done);
        drawn = [.. cut.Select(Ink.Length)];
        Write(text);
    }

    /// <summary>Erases the block and prints the last lines in its place.</summary>
    public void End(IEnumerable<string> last, int width)
    {
        var text = new StringBuilder(Begin);
        Rewind(text, width);
        foreach (var line in last) Put(text, line);
        text.Append(EraseBelow).Append(Done);
        drawn = [];
        Write(text);
    }

    /// <summary>Goes to the first row of the block. A narrower terminal has wrapped lines over several rows.</summary>
    private void Rewind(StringBuilder text, int width)
    {
        var rows = wrapsAgain ? drawn.Sum(length => Math.Max(1, (length + width - 1) / width)) : drawn.Count;
        text.Append('\r');
        if (rows > 0) text.Append(Escape).Append(rows).Append('A');
        if (rows != drawn.Count) text.Append(EraseBelow);
    }

    /// <summary>Erases before it writes: after a line of full width the cursor stands on its last letter.</summary>
    private static void Put(StringBuilder text, string line) => text.Append(EraseLine).Append(line).Append("\r\n");

    private void Write(StringBuilder text)
    {
        output.Write(text.ToString());
        output.Flush();
    }
}

using System.Text;
using Ablation.Experiments.Terminal;

namespace Ablation.Experiments.Reports.Pages;

/// <summary>
/// Rewrites the parts of a page between <c>&lt;!-- pages: NAME ARGUMENTS --&gt;</c> and <c>&lt;!-- end --&gt;</c>, and leaves the rest
/// unchanged.
/// </summary>
public static class GeneratedPage
{
    private const int Width = 140;
    public const string Begin = "<!-- pages: ", Close = " -->", End = "<!-- end -->";

    /// <summary>Every kind of block by its name.</summary>
    public static IReadOnlyDictionary<string, IPageBlock> Kinds { get; } = typeof(IPageBlock).Assembly.GetTypes()
        .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IPageBlock)))
        .Select(type => (IPageBlock)Activator.CreateInstance(type)!).ToDictionary(kind => kind.Name, StringComparer.Ordinal);

    /// <summary>Returns the updated page, in lines that end in a line feed.</summary>
    /// <param name="path">Path of the page, for messages; the files of its blocks are relative to its folder.</param>
    /// <exception cref="InvalidDataException">A block has no end or an unknown kind, or its file lacks the requested content.</exception>
    public static string Rewritten(string text, string path)
    {
        var page = new StringBuilder();
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            page.Append(lines[i]).Append(i == lines.Length - 1 ? "" : "\n");
            if (!lines[i].StartsWith(Begin, StringComparison.Ordinal)) continue;
            var end = Array.IndexOf(lines, End, i + 1);
            if (end < 0 || lines[(i + 1)..end].Any(line => line.StartsWith(Begin, StringComparison.Ordinal)))
                throw new InvalidDataException($"{path}({i + 1}): the block has no line \"{End}\" after it");
            page.Append(Block(lines[i], $"{path}({i + 1})", Path.GetDirectoryName(Path.GetFullPath(path))!));
            i = end - 1; // the loop continues with the line of the end
        }

        return page.ToString();
    }

    /// <summary>Wraps prose at the width of a page's source; tables stay.</summary>
    private static string Wrapped(string block) => string.Join('\n', block.Split('\n')
        .SelectMany(line => line.StartsWith('|') ? [line] : Fit.Wrap(line, Width)));

    private static string Block(string line, string place, string folder)
    {
        if (!line.EndsWith(Close, StringComparison.Ordinal))
            throw new InvalidDataException($"{place}: the line must end in \"{Close.Trim()}\"");
        var words = line[Begin.Length..^Close.Length].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0 || !Kinds.TryGetValue(words[0], out var kind))
            throw new InvalidDataException(
                $"{place}: no block \"{words.FirstOrDefault()}\"; known: " +
                $"{string.Join(", ", Kinds.Values.Select(known => $"{known.Name} {known.Arguments}").Order(StringComparer.Ordinal))}");
        if (words.Length - 1 != kind.Arguments.Split(' ').Length)
            throw new InvalidDataException($"{place}: {kind.Name} takes {kind.Arguments}");
        try
        {
            return Wrapped(kind.Write(words[1..], folder));
        }
        catch (Exception e) when (e is InvalidDataException or IOException or FormatException)
        {
            throw new InvalidDataException($"{place}: {e.Message}", e);
        }
    }
}

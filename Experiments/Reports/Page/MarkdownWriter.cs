using System.Buffers;
using System.Text;
using Ablation.Experiments.Reports.Tables;

namespace Ablation.Experiments.Reports.Page;

/// <summary>Writes a page as GitHub-flavoured Markdown; lines end in "\n".</summary>
public static class MarkdownWriter
{
    private static readonly SearchValues<char> Special = SearchValues.Create("\\`*_[]<>|~&$");

    public static string Write(Document document)
    {
        var text = new StringBuilder($"# {Line(document.Title)}\n");
        foreach (var block in document.Blocks) text.Append('\n').Append(Block(block));
        return text.ToString();
    }

    /// <summary>Writes one table, with its caption as a line above it.</summary>
    public static string Write(TextTable table)
    {
        var text = new StringBuilder();
        if (table.Caption.Length > 0) text.Append($"**{Line(table.Caption)}**\n\n");
        Row(text, table.Headers.Select(header => Line(header.Text) + (header.Detail is null ? "" : $"<br>{Line(header.Detail)}")));
        Row(text, table.Headers.Select(header => header.IsNumber ? "---:" : "---"));
        foreach (var row in table.Rows) Row(text, row.Select(Cell));
        return text.ToString();
    }

    private static string Block(Block block) => block switch
    {
        Heading heading => $"{new string('#', heading.Level)} {Line(heading.Text)}\n",
        Paragraph paragraph => $"{Start(Line(paragraph.Text))}\n",
        Statement statement => $"**{Line(statement.Text)}**\n",
        Details details => $"**{Line(details.Title)}**\n{string.Concat(details.Blocks.Select(inner => "\n" + Block(inner)))}",
        Note note => $"> {Start(Line(note.Text))}\n",
        Code code => Fenced(code),
        TableBlock table => Write(table.Table),
        Figure figure => $"![{Line(figure.Caption)}]({figure.Url})\n\n*{Line(figure.Caption)}*\n",
        _ => throw new ArgumentOutOfRangeException(nameof(block), block, "no Markdown for this block"),
    };

    private static void Row(StringBuilder text, IEnumerable<string> cells) => text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");

    private static string Cell(TextCell cell)
    {
        var value = Line(cell.Text);
        if (cell.Rank == Rank.Best) value = $"**{value}**";
        if (cell.IsQuoted && value.Length > 0) value = $"*{value}*";
        if (cell.Interval is not null) value += $" ± {Line(cell.Interval)}";
        if (cell.Range is not null) value += $" ({Line(cell.Range)})";
        if (cell.Links.Count > 0)
            value += (value.Length > 0 ? " " : "") + string.Join(" ", cell.Links.Select(link => $"[{Line(link.Text)}]({link.Url})"));
        return value + string.Concat((cell.Details ?? []).Select(detail => $"<br><sub>{Line(detail)}</sub>"));
    }

    /// <summary>A fence longer than any run of backticks inside.</summary>
    private static string Fenced(Code code)
    {
        var fence = "```";
        while (code.Text.Contains(fence, StringComparison.Ordinal)) fence += "`";
        return $"{fence}{code.Language}\n{code.Text.ReplaceLineEndings("\n").TrimEnd('\n')}\n{fence}\n";
    }

    /// <summary>Text on one line with every mark of Markdown taken literally.</summary>
    private static string Line(string text)
    {
        text = text.ReplaceLineEndings(" ");
        if (!text.AsSpan().ContainsAny(Special)) return text;
        var escaped = new StringBuilder(text.Length + 8);
        foreach (var c in text)
        {
            if (Special.Contains(c)) escaped.Append('\\');
            escaped.Append(c);
        }

        return escaped.ToString();
    }

    /// <summary>A line that starts like a list or a heading, taken literally.</summary>
    private static string Start(string line)
    {
        var digits = line.TakeWhile(char.IsAsciiDigit).Count();
        if (digits > 0 && digits < line.Length && line[digits] is '.' or ')') return line.Insert(digits, "\\");
        return line.Length > 0 && line[0] is '#' or '-' or '+' or '=' ? "\\" + line : line;
    }
}

using System.Globalization;
using System.Text;

namespace Ablation.Experiments.Reports;

/// <summary>A page as one self-contained HTML file: style inside, SVG figures inside; lines end in "\n".</summary>
public static class HtmlWriter
{
    private const string Style = """
        :root { color-scheme: light dark; --text: #1b1f24; --soft: #57606a;
                --back: #ffffff; --line: #d0d7de; --panel: #f6f8fa; --mark: #0072b2; }
        @media (prefers-color-scheme: dark) {
          :root { --text: #e6edf3; --soft: #9aa4af; --back: #0f1318; --line: #30363d; --panel: #171c23; --mark: #56b4e9; }
        }
        body { margin: 0 auto; max-width: 78rem; padding: 2rem 1.25rem 4rem; color: var(--text); background: var(--back);
               font: 16px/1.55 system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; }
        h1 { font-size: 1.9rem; line-height: 1.25; margin: 0 0 1.2rem; }
        h2 { font-size: 1.35rem; margin: 2.4rem 0 .8rem; padding-bottom: .3rem; border-bottom: 1px solid var(--line); }
        h3 { font-size: 1.1rem; margin: 1.8rem 0 .6rem; }
        p, aside { max-width: 48rem; }
        aside { margin: 1rem 0; padding: .6rem 1rem; border-left: 4px solid var(--mark); background: var(--panel); }
        pre { padding: .8rem 1rem; overflow-x: auto; background: var(--panel); border: 1px solid var(--line);
              border-radius: 6px; font-size: .85rem; }
        .table { overflow-x: auto; margin: 1.2rem 0; }
        table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
        caption { text-align: left; font-weight: 600; padding-bottom: .5rem; }
        th, td { padding: .4rem .6rem .4rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
        thead th { border-bottom: 2px solid var(--text); vertical-align: bottom; }
        tbody th { font-weight: 400; white-space: nowrap; }
        .number { text-align: right; padding-left: .4rem; }
        td.number { white-space: nowrap; }
        small { display: block; color: var(--soft); font-weight: 400; font-size: .74rem; }
        .interval, .quoted { color: var(--soft); }
        figure { margin: 1.6rem 0; }
        figure svg, figure img { display: block; max-width: 100%; height: auto; background: #ffffff; border-radius: 6px; }
        figcaption { margin-top: .5rem; color: var(--soft); font-size: .9rem; max-width: 48rem; }
        @media print { body { max-width: none; padding: 0; } figure, tr { break-inside: avoid; } }
        """;

    public static string Write(Document document)
    {
        var page = new StringBuilder();
        page.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        page.Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        page.Append($"<title>{Escape(document.Title)}</title>\n<style>\n{Style.ReplaceLineEndings("\n")}\n</style>\n</head>\n");
        page.Append("<body>\n<main>\n");
        page.Append($"<h1>{Escape(document.Title)}</h1>\n");
        var figures = 0;
        foreach (var block in document.Blocks) page.Append(Block(block, ref figures));
        return page.Append("</main>\n</body>\n</html>\n").ToString();
    }

    private static string Block(Block block, ref int figures) => block switch
    {
        Heading heading => Heading(heading),
        Paragraph paragraph => $"<p>{Escape(paragraph.Text)}</p>\n",
        Note note => $"<aside>{Escape(note.Text)}</aside>\n",
        Code code => $"<pre><code>{Escape(code.Text.ReplaceLineEndings("\n"))}</code></pre>\n",
        TableBlock table => Table(table.Table),
        Figure figure => Picture(figure, ++figures),
        _ => throw new ArgumentOutOfRangeException(nameof(block), block, "no HTML for this block"),
    };

    private static string Heading(Heading heading)
    {
        var level = heading.Level.ToString(CultureInfo.InvariantCulture);
        return $"<h{level}>{Escape(heading.Text)}</h{level}>\n";
    }

    private static string Picture(Figure figure, int number)
    {
        var caption = Escape(figure.Caption);
        var picture = figure.Svg is null
            ? $"<img src=\"{Escape(figure.Url)}\" alt=\"{caption}\">"
            : InlineSvg.Of(figure.Svg, FormattableString.Invariant($"figure{number}-"), figure.Caption);
        return $"<figure>\n{picture}\n<figcaption>{caption}</figcaption>\n</figure>\n";
    }

    private static string Table(TextTable table)
    {
        var text = new StringBuilder("<div class=\"table\">\n<table>\n");
        if (table.Caption.Length > 0) text.Append($"<caption>{Escape(table.Caption)}</caption>\n");
        text.Append("<thead>\n<tr>");
        foreach (var header in table.Headers)
            text.Append($"<th scope=\"col\"{Class(header)}>{Escape(header.Text)}{Small(header.Detail)}</th>");
        text.Append("</tr>\n</thead>\n<tbody>\n");
        foreach (var row in table.Rows)
        {
            text.Append("<tr>");
            for (var i = 0; i < row.Count; i++)
                text.Append(i == 0 ? $"<th scope=\"row\">{Cell(row[i])}</th>" : $"<td{Class(table.Headers[i])}>{Cell(row[i])}</td>");
            text.Append("</tr>\n");
        }

        return text.Append("</tbody>\n</table>\n</div>\n").ToString();
    }

    private static string Cell(TextCell cell)
    {
        var value = Escape(cell.Text);
        value = cell.Rank switch { Rank.Best => $"<strong>{value}</strong>", Rank.Second => $"<u>{value}</u>", _ => value };
        if (cell.Interval is not null) value += $"<span class=\"interval\"> ± {Escape(cell.Interval)}</span>";
        value += string.Concat((cell.Details ?? []).Select(Small));
        return cell.IsQuoted ? $"<span class=\"quoted\">{value}</span>" : value;
    }

    private static string Class(TextHeader header) => header.IsNumber ? " class=\"number\"" : "";

    private static string Small(string? detail) => detail is null ? "" : $"<small>{Escape(detail)}</small>";

    private static string Escape(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal).Replace("\"", "&quot;", StringComparison.Ordinal)
        .Replace("'", "&#39;", StringComparison.Ordinal);
}

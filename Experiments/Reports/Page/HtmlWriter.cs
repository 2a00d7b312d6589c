using System.Text;
using Ablation.Experiments.Reports.Tables;
using Ablation.Harness.Protocols;
using static Ablation.Experiments.Reports.Page.HtmlText;

namespace Ablation.Experiments.Reports.Page;

/// <summary>
/// Writes a page as one self-contained HTML file, with style, script and SVG figures inside; lines end in "\n". It is complete without the
/// script, which adds sorting, switches that hide a loss, and the choice of light or dark.
/// </summary>
public sealed class HtmlWriter
{
    private static readonly string[] Themes = ["auto", "light", "dark"];

    private readonly LossMarks losses;

    // counters and names that must be unique on the page; contents are the headings of level 2 with their link targets
    private readonly HashSet<string> names = [];
    private readonly List<(string Text, string Name)> contents = [];
    private int figures;
    private int tables;

    private HtmlWriter(LossMarks losses) => this.losses = losses;

    public static string Write(Document document)
    {
        using var page = new StringWriter();
        Write(document, page);
        return page.ToString();
    }

    /// <summary>Writes to a file, without a second copy of a large page in memory.</summary>
    public static void Write(Document document, TextWriter page)
    {
        var blocks = new HtmlWriter(new LossMarks(document.Losses));
        // the summary comes first, before contents and switches
        var opening = string.Concat(document.Blocks.TakeWhile(block => block is not (Heading or TableBlock)).Select(blocks.Render));
        var rest = new StringBuilder();
        foreach (var block in document.Blocks.SkipWhile(block => block is not (Heading or TableBlock))) rest.Append(blocks.Render(block));

        page.Write("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        page.Write($"<meta http-equiv=\"Content-Security-Policy\" content=\"{PageAssets.Policy}\">\n");
        page.Write("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        page.Write($"<title>{Escape(document.Title)}</title>\n<style>{PageAssets.Style}</style>\n");
        page.Write($"<script>{PageAssets.Script}</script>\n</head>\n<body>\n");
        page.Write($"<main>\n<header>\n<a class=\"skip\" href=\"#content\">Skip to tables and " +
            $"plots</a>\n<h1>{Escape(document.Title)}</h1>\n{opening}</header>\n");
        page.Write($"<div class=\"side\">\n{Contents(blocks.contents)}{Controls(blocks.losses)}</div>\n");
        page.Write("<div id=\"content\" class=\"content\" tabindex=\"-1\">\n<p id=\"hidden-losses\" role=\"status\"></p>\n");
        foreach (var chunk in rest.GetChunks()) page.Write(chunk.Span);
        page.Write("</div>\n</main>\n</body>\n</html>\n");
    }

    private string Render(Block block) => block switch
    {
        Heading heading => Render(heading),
        Paragraph paragraph => $"<p>{Escape(paragraph.Text)}</p>\n",
        Statement statement => $"<p class=\"statement\">{Escape(statement.Text)}</p>\n",
        Note note =>
            $"<aside{(note.Text.StartsWith("NOT ", StringComparison.Ordinal) ? " class=\"alarm\"" : "")}>{Escape(note.Text)}</aside>\n",
        Code code => $"<pre tabindex=\"0\"><code>{Escape(code.Text.ReplaceLineEndings("\n"))}</code></pre>\n",
        Details details =>
            $"<details>\n<summary>{Escape(details.Title)}</summary>\n{string.Concat(details.Blocks.Select(Render))}</details>\n",
        TableBlock table => HtmlTable.Write(table.Table, losses, $"table{++tables}"),
        Figure figure => Render(figure, ++figures),
        _ => throw new ArgumentOutOfRangeException(nameof(block), block, "no HTML for this block"),
    };

    private string Render(Heading heading)
    {
        var slug = "s-" + StoredName.FileName(heading.Text);
        var name = slug;
        for (var i = 2; !names.Add(name); i++) name = $"{slug}-{i}";
        if (heading.Level == 2) contents.Add((heading.Text, name));
        var level = heading.Level.ToString();
        return $"<h{level} id=\"{name}\">{Escape(heading.Text)}</h{level}>\n";
    }

    private string Render(Figure figure, int number)
    {
        var caption = Escape(figure.Caption);
        var picture = figure.Svg is null
            ? $"<img src=\"{Escape(figure.Url)}\" alt=\"{caption}\">"
            : InlineSvg.Embed(figure.Svg, $"figure{number}-", figure.Caption, figure.FollowsPage ? losses : null);
        return $"<figure>\n<div class=\"plot\">{picture}</div>\n<figcaption>{caption}</figcaption>\n</figure>\n";
    }

    private static string Contents(IReadOnlyList<(string Text, string Name)> headings)
    {
        if (headings.Count == 0) return "";
        var links = string.Concat(headings.Select(heading => $"<li><a href=\"#{heading.Name}\">{Escape(heading.Text)}</a></li>\n"));
        return $"<nav aria-label=\"Contents\">\n<h2>Contents</h2>\n<ul>\n{links}</ul>\n</nav>\n";
    }

    /// <summary>Writes the switches, hidden until the script shows them, since they need it.</summary>
    private static string Controls(LossMarks losses)
    {
        var text = new StringBuilder("<div id=\"controls\" hidden=\"hidden\">\n");
        if (losses.Losses.Count > 0)
        {
            text.Append("<fieldset>\n<legend>Losses</legend>\n");
            for (var i = 0; i < losses.Losses.Count; i++)
            {
                var (name, colour, style) = losses.Losses[i];
                text.Append($"<label><input type=\"checkbox\" name=\"loss\" value=\"{i}\" data-name=\"{Escape(name)}\" " +
                    $"checked=\"checked\" />");
                text.Append($"{LossSwatch.Svg(style, colour)}{Escape(name)}</label>\n");
            }

            text.Append("</fieldset>\n");
        }

        text.Append("<fieldset>\n<legend>Theme</legend>\n");
        foreach (var theme in Themes)
            text.Append($"<label><input type=\"radio\" name=\"theme\" " +
                $"value=\"{theme}\"{(theme == "auto" ? " checked=\"checked\"" : "")} />{theme}</label>\n");
        return text.Append("</fieldset>\n</div>\n").ToString();
    }
}

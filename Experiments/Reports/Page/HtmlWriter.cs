using System.Text;
using Ablation.Experiments.Reports.Tables;
using static Ablation.Experiments.Reports.Page.HtmlText;

namespace Ablation.Experiments.Reports.Page;

/// <summary>
/// Writes a page as one self-contained HTML file, with style, script and SVG figures inside; lines end in "\n". It is complete without the
/// script, which adds sorting, switches that hide a loss, and the choice of light or dark.
/// </summary>
public static class HtmlWriter
{
    private static readonly string[] Themes = ["auto", "light", "dark"];

    public static string Write(Document document)
    {
        using var page = new StringWriter();
        Write(document, page);
        return page.ToString();
    }

    /// <summary>The same without a second copy of a large page in memory.</summary>
    public static void Write(Document document, TextWriter page)
    {
        var losses = new LossMarks(document.Losses);
        var blocks = new HtmlBlocks(losses);
        // what the page is about comes first, before contents and switches
        var opening = string.Concat(document.Blocks.TakeWhile(block => block is not (Heading or TableBlock)).Select(blocks.Write));
        var rest = new StringBuilder();
        foreach (var block in document.Blocks.SkipWhile(block => block is not (Heading or TableBlock))) rest.Append(blocks.Write(block));

        page.Write("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        page.Write($"<meta http-equiv=\"Content-Security-Policy\" content=\"{PageAssets.Policy}\">\n");
        page.Write("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        page.Write($"<title>{Escape(document.Title)}</title>\n<style>{PageAssets.Style}</style>\n");
        page.Write($"<script>{PageAssets.Script}</script>\n</head>\n<body>\n");
        page.Write($"<main>\n<header>\n<a class=\"skip\" href=\"#content\">Skip to tables and " +
            $"plots</a>\n<h1>{Escape(document.Title)}</h1>\n{opening}</header>\n");
        page.Write($"<div class=\"side\">\n{Contents(blocks.Contents)}{Controls(losses)}</div>\n");
        page.Write("<div id=\"content\" class=\"content\" tabindex=\"-1\">\n<p id=\"hidden-losses\" role=\"status\"></p>\n");
        foreach (var chunk in rest.GetChunks()) page.Write(chunk.Span);
        page.Write("</div>\n</main>\n</body>\n</html>\n");
    }

    private static string Contents(IReadOnlyList<(string Text, string Name)> headings)
    {
        if (headings.Count == 0) return "";
        var links = string.Concat(headings.Select(heading => $"<li><a href=\"#{heading.Name}\">{Escape(heading.Text)}</a></li>\n"));
        return $"<nav aria-label=\"Contents\">\n<h2>Contents</h2>\n<ul>\n{links}</ul>\n</nav>\n";
    }

    /// <summary>Hidden until the script shows them: without it they would do nothing.</summary>
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

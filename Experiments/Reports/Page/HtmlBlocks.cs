using Ablation.Experiments.Reports.Tables;
using Ablation.Experiments.Store;
using static Ablation.Experiments.Reports.Page.HtmlText;

namespace Ablation.Experiments.Reports.Page;

/// <summary>The blocks of one page, with the numbers and names that must not occur twice on it.</summary>
internal sealed class HtmlBlocks(LossMarks losses)
{
    private readonly HashSet<string> names = [];
    private readonly List<(string Text, string Name)> contents = [];
    private int figures;
    private int tables;

    /// <summary>Headings of level 2 so far, with what links lead to.</summary>
    public IReadOnlyList<(string Text, string Name)> Contents => contents;

    public string Write(Block block) => block switch
    {
        Heading heading => Write(heading),
        Paragraph paragraph => $"<p>{Escape(paragraph.Text)}</p>\n",
        Statement statement => $"<p class=\"statement\">{Escape(statement.Text)}</p>\n",
        Note note =>
            $"<aside{(note.Text.StartsWith("NOT ", StringComparison.Ordinal) ? " class=\"alarm\"" : "")}>{Escape(note.Text)}</aside>\n",
        Code code => $"<pre tabindex=\"0\"><code>{Escape(code.Text.ReplaceLineEndings("\n"))}</code></pre>\n",
        Details details =>
            $"<details>\n<summary>{Escape(details.Title)}</summary>\n{string.Concat(details.Blocks.Select(Write))}</details>\n",
        TableBlock table => HtmlTable.Write(table.Table, losses, $"table{++tables}"),
        Figure figure => Write(figure, ++figures),
        _ => throw new ArgumentOutOfRangeException(nameof(block), block, "no HTML for this block"),
    };

    private string Write(Heading heading)
    {
        var slug = "s-" + ResultStore.FileName(heading.Text);
        var name = slug;
        for (var i = 2; !names.Add(name); i++) name = $"{slug}-{i}";
        if (heading.Level == 2) contents.Add((heading.Text, name));
        var level = heading.Level.ToString();
        return $"<h{level} id=\"{name}\">{Escape(heading.Text)}</h{level}>\n";
    }

    private string Write(Figure figure, int number)
    {
        var caption = Escape(figure.Caption);
        var picture = figure.Svg is null
            ? $"<img src=\"{Escape(figure.Url)}\" alt=\"{caption}\">"
            : InlineSvg.Embed(figure.Svg, $"figure{number}-", figure.Caption, figure.FollowsPage ? losses : null);
        return $"<figure>\n<div class=\"plot\">{picture}</div>\n<figcaption>{caption}</figcaption>\n</figure>\n";
    }
}

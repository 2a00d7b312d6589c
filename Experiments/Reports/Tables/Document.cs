namespace Ablation.Experiments.Reports.Tables;

/// <summary>A report page: blocks of plain text, written as Markdown and as HTML.</summary>
public sealed record Document(string Title, IReadOnlyList<Block> Blocks)
{
    /// <summary>
    /// Losses in the order that gives them their colours in plots; a reader of the HTML page can hide each. Empty for pages that are not
    /// about losses.
    /// </summary>
    public IReadOnlyList<string> Losses { get; init; } = [];

    /// <summary>The pictures in reading order.</summary>
    public IEnumerable<Figure> Figures() => Figures(Blocks);

    private static IEnumerable<Figure> Figures(IEnumerable<Block> blocks) => blocks.SelectMany(block => block switch
    {
        Figure figure => [figure],
        Details details => Figures(details.Blocks),
        _ => (IEnumerable<Figure>)[],
    });
}

/// <summary>A part of a page.</summary>
public abstract record Block;

/// <param name="Level">2 or 3; the page's title is 1.</param>
public sealed record Heading(int Level, string Text) : Block;

public sealed record Paragraph(string Text) : Block;

/// <summary>The result of the page in one sentence.</summary>
public sealed record Statement(string Text) : Block;

/// <summary>A remark set apart from the text: a caveat, an estimator's definition.</summary>
public sealed record Note(string Text) : Block;

/// <summary>Verbatim text: a command, a configuration.</summary>
/// <param name="Language">"json", "text".</param>
public sealed record Code(string Text, string Language = "text") : Block;

public sealed record TableBlock(TextTable Table) : Block;

/// <summary>Collapsible blocks; in Markdown and in print they are open.</summary>
/// <param name="Title">A short description of the content.</param>
public sealed record Details(string Title, IReadOnlyList<Block> Blocks) : Block;

/// <summary>A picture.</summary>
/// <param name="Path">Relative to the page, with "/": "plots/roc.png".</param>
/// <param name="Svg">The same picture as SVG for embedding in the HTML page; without it the page links to <paramref name="Path"/>.</param>
public sealed record Figure(string Caption, string Path, string? Svg = null) : Block
{
    /// <summary>Whether the picture follows the page's theme and the switches that hide losses. False if colour encodes a number.</summary>
    public bool FollowsPage { get; init; } = true;

    /// <summary>Why the picture's files could not be written; null if they were.</summary>
    public string? Unwritten { get; init; }

    /// <summary>The path, escaped for a link.</summary>
    public string Url => Uri.EscapeDataString(Path).Replace("%2F", "/", StringComparison.Ordinal);
}

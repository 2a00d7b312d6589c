namespace Ablation.Experiments.Reports.Tables;

/// <summary>A report page: blocks of plain text, written as Markdown and as HTML.</summary>
public sealed record Document(string Title, IReadOnlyList<Block> Blocks)
{
    /// <summary>
    /// Losses in the order that gives them their colours in plots; a reader of the HTML page can hide each. Empty for pages that are not
    /// about losses.
    /// </summary>
    public IReadOnlyList<string> Losses { get; init; } = [];

    /// <summary>The loss that the others are compared with, which stays lit beside one that a reader singles out; null without.</summary>
    public string? Baseline { get; init; }

    /// <summary>The pictures in reading order.</summary>
    public IEnumerable<Figure> Figures() => Flat(Blocks).OfType<Figure>();

    /// <summary>Returns blocks and those inside them, in reading order.</summary>
    public static IEnumerable<Block> Flat(IEnumerable<Block> blocks) => blocks.SelectMany(block => Flat(block switch
    {
        Details details => details.Blocks,
        Figure { Panel: { } panel } => [panel],
        FigureRow row => row.Figures,
        _ => (IReadOnlyList<Block>)[],
    }).Prepend(block));
}

/// <summary>A part of a page.</summary>
public abstract record Block;

/// <param name="Level">2 or 3; the page's title is 1.</param>
public sealed record Heading(int Level, string Text) : Block;

public sealed record Paragraph(string Text) : Block;

/// <summary>The result of the page in one sentence.</summary>
public sealed record Statement(string Text) : Block;

/// <summary>A remark set apart from the text: a caveat, an estimator's definition.</summary>
public sealed record Note(string Text) : Block
{
    /// <summary>Whether it says that numbers cannot be trusted.</summary>
    public bool IsAlarm => Text.StartsWith("NOT ", StringComparison.Ordinal) || Text.StartsWith("DAMAGED", StringComparison.Ordinal);
}

/// <summary>Verbatim text: a command, a configuration.</summary>
/// <param name="Language">"json", "text".</param>
public sealed record Code(string Text, string Language = "text") : Block;

public sealed record TableBlock(TextTable Table) : Block
{
    /// <summary>The same for the page, where one line per cell is enough; null to show <see cref="Table"/>.</summary>
    public TextTable? OnPage { get; init; }
}

/// <summary>Collapsible blocks; in Markdown and in print they are open.</summary>
/// <param name="Title">A short description of the content.</param>
public sealed record Details(string Title, IReadOnlyList<Block> Blocks) : Block;

/// <summary>Names and what they are: settings, machines, terms.</summary>
/// <param name="Entries">Each may have several values, which stand beside each other.</param>
public sealed record FactList(IReadOnlyList<Fact> Entries) : Block;

public sealed record Fact(string Name, IReadOnlyList<string> Values);

/// <summary>Explanations that words of the page link to, in the order of the alphabet.</summary>
public sealed record GlossaryList(IReadOnlyList<Term> Terms) : Block;

/// <summary>One square per trial.</summary>
/// <param name="Trials">Name of the trial, and how it ended.</param>
public sealed record TrialSquares(IReadOnlyList<(string Name, string State)> Trials) : Block;

/// <summary>The head of a suite's page: question, answer and what it rests on.</summary>
/// <param name="Kicker">Name of the suite, date, and how many trials are done.</param>
/// <param name="Facts">What was trained and tested, each a label and its text.</param>
/// <param name="Warnings">What a reader must know before the numbers: a few words, and the rest.</param>
public sealed record AnswerHead(string Kicker, string Question, SuiteAnswer Answer, IReadOnlyList<(string Label, string Text)> Facts,
    IReadOnlyList<(string Label, string Text)> Warnings) : Block;

/// <summary>A suite on the page of all suites, below the heading with its name.</summary>
/// <param name="Url">Its report; null if there is none.</param>
/// <param name="Answer">What the report answers, or why there is none.</param>
/// <param name="Facts">How many of its trials are done, and when the last ended; each a part of one line.</param>
public sealed record SuiteEntry(string Question, string Answer, IReadOnlyList<string> Warnings, IReadOnlyList<string> Facts, string? Url)
    : Block;

/// <summary>A picture.</summary>
/// <param name="Path">Relative to the page, with "/": "plots/roc.png".</param>
/// <param name="Svg">The same picture as SVG for embedding in the HTML page; without it the page links to <paramref name="Path"/>.</param>
public sealed record Figure(string Caption, string Path, string? Svg = null) : Block
{
    /// <summary>Whether the picture follows the page's theme and the switches that hide losses. False if colour encodes a number.</summary>
    public bool FollowsPage { get; init; } = true;

    /// <summary>What it shows, in one line; no two figures of a page have the same.</summary>
    public string Title { get; init; } = "";

    /// <summary>Test, and condition where there are several; empty for a figure of the whole suite.</summary>
    public string Place { get; init; } = "";

    /// <summary>Where the page shows it.</summary>
    public FigureKind Kind { get; init; }

    /// <summary>What the page shows in place of the picture: drawn by the page itself, at its size. Null for the picture.</summary>
    public Block? Panel { get; init; }

    /// <summary>The same once more, as differences from the baseline; null if there are none.</summary>
    public Block? Differences { get; init; }

    /// <summary>Why the picture's files could not be written; null if they were.</summary>
    public string? Unwritten { get; init; }

    /// <summary>Whether there is a PDF of it too.</summary>
    public bool HasPdf { get; init; }

    /// <summary>The files of the picture: "PNG", "SVG" and "PDF", with their links.</summary>
    public IEnumerable<(string Name, string Url)> Files => Path.EndsWith(".png", StringComparison.Ordinal)
        ? (HasPdf ? new[] { "png", "svg", "pdf" } : ["png", "svg"]).Select(kind => (kind.ToUpperInvariant(), Url[..^3] + kind))
        : [("picture", Url)];

    /// <summary>The path, escaped for a link.</summary>
    public string Url => Uri.EscapeDataString(Path).Replace("%2F", "/", StringComparison.Ordinal);
}

/// <summary>Figures beside each other, as many as the page is wide.</summary>
public sealed record FigureRow(IReadOnlyList<Figure> Figures) : Block;

/// <summary>The files of a figure that the page shows in another way.</summary>
public sealed record FigureFiles(Figure Figure) : Block;

/// <summary>The section of a page that a figure belongs to.</summary>
public enum FigureKind
{
    /// <summary>Below the tables, as a picture.</summary>
    Other,

    /// <summary>The page's tables show the same: their section links to its files.</summary>
    InTable,

    Curves,

    Training,

    Scores,

    Theory,
}

using Ablation.Experiments.Identity;
using Ablation.Experiments.Reports.Tables;
using Ablation.Harness.Protocols;
using Microsoft.AspNetCore.Components;

namespace Ablation.Experiments.Reports.Page;

/// <summary>What the components of one page share: names that must be unique on it, and the styles of its losses.</summary>
public sealed class PageModel
{
    /// <summary>A line break of the file, which components leave out by themselves.</summary>
    public static readonly MarkupString LineBreak = new("\n");

    private readonly Dictionary<Block, string> names = new(ReferenceEqualityComparer.Instance);
    private readonly List<(string Text, string Name)> contents = [];
    private readonly Dictionary<string, int> numbers;
    private readonly LossStyles styles;
    private int tables;
    private int figures;

    public PageModel(Document document)
    {
        Document = document;
        styles = new LossStyles(document.Losses);
        Marks = new LossMarks(document.Losses, styles);
        numbers = document.Losses.Index().ToDictionary(loss => loss.Item, loss => loss.Index);
        HasHead = document.Blocks.Any(block => block is AnswerHead);
        HasGlossary = document.Blocks.Any(block => block is GlossaryList);
        var taken = new HashSet<string>();
        foreach (var block in Document.Flat(document.Blocks)) Name(block, taken);
    }

    public Document Document { get; }

    /// <summary>Headings of level 2 with their link targets.</summary>
    public IReadOnlyList<(string Text, string Name)> Contents => contents;

    /// <summary>Whether the page begins with an answer, which has the question as its title.</summary>
    public bool HasHead { get; }

    /// <summary>Whether terms can link to their explanations.</summary>
    public bool HasGlossary { get; }

    internal LossMarks Marks { get; }

    /// <summary>Returns the name of a heading, table or figure of the page.</summary>
    public string NameOf(Block block) => names[block];

    /// <summary>Returns the number that ties all marks of a loss together; null if it is not a loss of the page.</summary>
    public int? NumberOf(string loss) => numbers.TryGetValue(loss, out var number) ? number : null;

    /// <summary>Returns null for what is not a loss of the page.</summary>
    public LossStyle? StyleOf(string loss) => numbers.ContainsKey(loss) ? styles[loss] : null;

    /// <summary>Returns the class that gives a colour: "hue-blue".</summary>
    public string ClassOf(string loss) => $"hue-{StyleOf(loss)?.Hue.Name ?? "slate"}";

    /// <summary>Returns the dashes for SVG: "6 3"; null for a solid line.</summary>
    public string? DashOf(string loss) => StyleOf(loss)?.Pattern is { Count: > 0 } pattern ? string.Join(' ', pattern) : null;

    /// <summary>Returns the name of a marker's outline.</summary>
    public static string ShapeOf(Marker marker) => $"shape-{marker.ToString().ToLowerInvariant()}";

    /// <summary>Prints units of a panel.</summary>
    public static string Units(double value) => Math.Round(value, 1).ToString("0.#");

    /// <summary>Prints a place in percent: "34.62%".</summary>
    public static string Percent(double value) => Math.Round(value, 2).ToString("0.##") + "%";

    private void Name(Block block, HashSet<string> taken)
    {
        if (block is Heading heading)
        {
            var slug = "s-" + StoredName.FileName(heading.Text);
            var name = slug;
            for (var i = 2; !taken.Add(name); i++) name = $"{slug}-{i}";
            names[block] = name;
            if (heading.Level == 2) contents.Add((heading.Text, name));
        }
        else if (block is Figure)
            names[block] = $"figure{++figures}";
        else
            names[block] = $"table{++tables}";
    }
}

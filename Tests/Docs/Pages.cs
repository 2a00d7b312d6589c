using System.Text.RegularExpressions;

namespace Ablation.Tests.Docs;

/// <summary>The documentation pages, and the paths and commands that they name.</summary>
public static partial class Pages
{
    /// <summary>Paths of all pages, relative to the repository, with forward slashes.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        .. new[] { "README.md", "CHANGELOG.md", "results/README.md" },
        .. Directory.GetFiles(Path.Combine(Repository.Root, "docs"), "*.md").Select(file => "docs/" + Path.GetFileName(file))
            .Order(StringComparer.Ordinal),
    ];

    public static string Text(string page) => File.ReadAllText(Path.Combine(Repository.Root, page)).ReplaceLineEndings("\n");

    /// <summary>The blocks fenced as <paramref name="language"/>.</summary>
    public static IEnumerable<string> Blocks(string page, string language) =>
        Fences().Matches(Text(page)).Where(block => block.Groups[1].Value == language).Select(block => block.Groups[2].Value);

    /// <summary>Everything in backticks, and every line of fenced shell blocks.</summary>
    public static IEnumerable<string> Code(string page) =>
        Inline().Matches(Fences().Replace(Text(page), "")).Select(span => span.Groups[1].Value.Trim()).Concat(ShellLines(page));

    /// <summary>Every line of fenced shell blocks; a line that ends in a backslash is joined with the next.</summary>
    public static IEnumerable<string> ShellLines(string page) => new[] { "", "sh", "bash", "console", "powershell" }
        .SelectMany(language => Blocks(page, language))
        .SelectMany(block => block.Replace("\\\n", " ", StringComparison.Ordinal).Split('\n'))
        .Select(line => line.Trim());

    /// <summary>Targets of links, without those that leave the repository.</summary>
    public static IEnumerable<string> Links(string page) =>
        Link().Matches(Text(page)).Select(link => link.Groups[1].Value.Split('#')[0])
        .Where(target => target.Length > 0 && !target.Contains("://", StringComparison.Ordinal));

    [GeneratedRegex("```([a-z]*)[^\n]*\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Fences();

    [GeneratedRegex("`([^`\n]+)`")]
    private static partial Regex Inline();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();
}

using System.Text.RegularExpressions;
using Ablation.Experiments.Reports.Pages;
using Ablation.Tests.Commands;

namespace Ablation.Tests.Docs;

/// <summary>Pages show what their files contain, and every benchmark figure comes from a file.</summary>
public sealed partial class GeneratedPageTests
{
    private static IReadOnlyList<string> All => Pages.All;

    [TestCaseSource(nameof(All))]
    public void A_page_equals_what_the_command_writes(string page)
    {
        var path = Path.Combine(Repository.Root, page);
        var written = GeneratedPage.Rewritten(File.ReadAllText(path), path);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1") File.WriteAllText(path, written);
        Assert.That(File.ReadAllText(path).ReplaceLineEndings("\n"), Is.EqualTo(written), $"run: pages {page}");
    }

    [Test]
    public void Pages_with_figures_have_generated_blocks()
    {
        Assert.That(Blocks("docs/performance.md")
            .Select(block => block.Split(' ')[0]), Is.SupersetOf(new[] { "text", "losses", "training" }));
        Assert.That(Blocks("docs/results.md"), Is.EqualTo(new[] { "cell ../results/example/report.md ArcFace" }));
    }

    [Test]
    public void Tables_and_measured_figures_of_performance_are_in_its_blocks()
    {
        var text = Block().Replace(File.ReadAllText(Path.Combine(Repository.Root, "docs", "performance.md")).ReplaceLineEndings("\n"), "");
        Assert.That(text.Split('\n').Where(line => line.StartsWith('|')), Is.Empty, "a table comes from a file");
        Assert.That(Figure().Matches(text).Select(match => match.Value), Is.Empty, "a figure comes from a file");
    }

    [TestCase("summary.csv", "results/example/summary.csv")]
    [TestCase("**losses.csv**", "docs/benchmarks/losses.csv")]
    [TestCase("**training.csv**", "docs/benchmarks/training.csv")]
    public void Results_explains_every_column_of_a_file(string heading, string file)
    {
        var header = File.ReadLines(Path.Combine(Repository.Root, file)).First().Split(',');
        var page = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "results.md"));
        var at = Array.FindIndex(page, line => line.StartsWith(heading, StringComparison.Ordinal) || line == $"## {heading}");
        var rows = page.Skip(at).SkipWhile(line => !line.StartsWith("| ---", StringComparison.Ordinal)).Skip(1)
            .TakeWhile(line => line.StartsWith('|')).Select(line => line.Split('|')[1]);
        Assert.That(rows.SelectMany(Columns).Order(StringComparer.Ordinal), Is.EqualTo(header.Order(StringComparer.Ordinal)));
    }

    [TestCase("<!-- pages: nothing here -->\n<!-- end -->", "page.md(1): no block \"nothing\"; known: cell REPORT LOSS")]
    [TestCase("a\n<!-- pages: text a.txt -->\nb", "page.md(2): the block has no line")]
    [TestCase("<!-- pages: text a.txt -->\n<!-- pages: text a.txt -->\n<!-- end -->", "page.md(1): the block has no line")]
    [TestCase("<!-- pages: text -->\n<!-- end -->", "page.md(1): text takes FILE")]
    [TestCase("<!-- pages: text a.txt\n<!-- end -->", "page.md(1): the line must end in")]
    [TestCase("<!-- pages: text a.txt -->\n<!-- end -->", "page.md(1): ")]
    public void A_block_that_cannot_be_written_is_an_error_with_its_line(string text, string message) =>
        Assert.That(() => GeneratedPage.Rewritten(text, "page.md"), Throws.TypeOf<InvalidDataException>().With.Message.StartsWith(message));

    [Test]
    public void The_command_writes_only_its_blocks_and_checks_them()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("machine.txt"), "two cores\n");
        var page = folder.File("page.md");
        File.WriteAllText(page, "before\n<!-- pages: text machine.txt -->\nold\n<!-- end -->\nafter\n");
        Assert.That(Cli.Run(folder.Path, "pages", page, "--check").Code, Is.EqualTo(1));
        Assert.That(File.ReadAllText(page), Does.Contain("old"));
        Assert.That(Cli.Run(folder.Path, "pages", page).Code, Is.Zero);
        Assert.That(File.ReadAllText(page), Is.EqualTo("before\n<!-- pages: text machine.txt -->\n\ntwo cores\n\n<!-- end -->\nafter\n"));
        Assert.That(Cli.Run(folder.Path, "pages", page, "--check").Code, Is.Zero);
    }

    private static IEnumerable<string> Blocks(string page) => File.ReadLines(Path.Combine(Repository.Root, page))
        .Where(line => line.StartsWith(GeneratedPage.Begin, StringComparison.Ordinal))
        .Select(line => line[GeneratedPage.Begin.Length..^GeneratedPage.Close.Length]);

    /// <summary>"ratio_low, ratio_high" and "read, decode (_images_per_second)" name several columns, "whole_to_bare ...; _low and _high
    /// as" three.</summary>
    private static IEnumerable<string> Columns(string cell)
    {
        var suffix = Suffix().Match(cell).Groups[1].Value;
        return Suffix().Replace(cell, "").Split(',').Select(name => name.Trim() + suffix);
    }

    [GeneratedRegex("<!-- pages: .*? -->\n.*?<!-- end -->", RegexOptions.Singleline)]
    private static partial Regex Block();

    // a number with a unit of what benchmarks measure, or with a decimal
    [GeneratedRegex("\\d[\\d,.]* (ms|images/s|MiB|GFLOP/s)\\b|\\b\\d+\\.\\d+ (x|s)\\b")]
    private static partial Regex Figure();

    [GeneratedRegex(" \\((_\\w+)\\)")]
    private static partial Regex Suffix();
}

using System.Text.RegularExpressions;
using Ablation.Experiments.Suites;

namespace Ablation.Tests.Docs;

/// <summary>The whole suites that pages show can be read as they stand.</summary>
public sealed partial class PageSuiteTests
{
    [TestCase("README.md", 20)]
    [TestCase("docs/suites.md", 15)]
    public void A_suite_of_a_page_can_be_read(string page, int trials)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, page));
        var suite = Blocks().Matches(text).Select(match => match.Groups[1].Value)
            .First(block =>
                block.Contains("\"losses\"", StringComparison.Ordinal) && block.Contains("\"seeds\"", StringComparison.Ordinal));
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("my-suite.jsonc"), suite);
        Assert.That(SuiteFile.Read(folder.File("my-suite.jsonc")).Trials(), Has.Count.EqualTo(trials));
    }

    [GeneratedRegex("```json\\s*\\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Blocks();
}

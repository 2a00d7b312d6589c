using System.Text.RegularExpressions;
using Ablation.Experiments.Commands;
using Ablation.Experiments.Suites;

namespace Ablation.Tests.Docs;

/// <summary>Every path and every command that a page names exists.</summary>
public sealed partial class PageTests
{
    private const string Program = "ablation ";
    private static readonly string[] TopLevel = [.. Directory.GetFileSystemEntries(Repository.Root)
        .Select(entry => Path.GetFileName(entry))];

    private static IReadOnlyList<string> All => Pages.All;

    [TestCaseSource(nameof(All))]
    public void Links_lead_somewhere(string page)
    {
        var folder = Path.GetDirectoryName(Path.Combine(Repository.Root, page))!;
        Assert.Multiple(() =>
        {
            foreach (var link in Pages.Links(page)) Assert.That(Exists(Path.Combine(folder, link)), $"{page} links to {link}");
        });
    }

    [TestCaseSource(nameof(All))]
    public void Named_paths_exist(string page) => Assert.Multiple(() =>
    {
        foreach (var path in Pages.Code(page).SelectMany(code => code.Split(' ')).Where(IsPath))
            Assert.That(Exists(Path.Combine(Repository.Root, path)), $"{page} names {path}");
    });

    [TestCaseSource(nameof(All))]
    public void Named_commands_are_understood(string page) => Assert.Multiple(() =>
    {
        foreach (var command in Commands(page))
        {
            var parsed = AblationCommand.Build().Parse(command);
            Assert.That(parsed.Errors, Is.Empty, $"{page}: {command}");
            // report --index names none
            if (parsed.CommandResult.Command.Arguments.Any(argument => argument.Name == "suite")
                && parsed.GetValue<string>("suite") is { } suite)
            {
                Assert.That(SuiteFile.Shipped.Contains(suite) || IsPlaceholder(suite), $"{page}: {command}: no such suite");
            }
        }
    });

    [Test]
    public void The_readme_names_its_two_commands()
    {
        var code = Pages.Code("README.md").ToList();
        Assert.That(code, Does.Contain("dotnet run --project Experiments -c Release -- run quick"));
        Assert.That(code, Does.Contain("dotnet test Ablation.sln -c Release"));
    }

    /// <summary>
    /// What the program is started with: after dotnet run anywhere, and in shell blocks after its name. In a line of text that name may
    /// stand with half a command.
    /// </summary>
    private static IEnumerable<string> Commands(string page) =>
        Pages.Code(page).Select(code => Command().Match(code)).Where(match => match.Success).Select(match => match.Groups[1].Value.Trim())
            .Concat(Pages.Blocks(page, "bash").SelectMany(block => block.Split('\n'))
                .Where(line => line.StartsWith(Program, StringComparison.Ordinal)).Select(line => line[Program.Length..].Trim()));

    /// <summary>A name below a folder of the repository; generated files below results/ come and go.</summary>
    private static bool IsPath(string code) =>
        PathLike().IsMatch(code) && TopLevel.Contains(code.Split('/')[0])
        && !(code.StartsWith("results/", StringComparison.Ordinal) && !code.EndsWith("README.md", StringComparison.Ordinal));

    private static bool IsPlaceholder(string suite) =>
        suite.EndsWith(".jsonc", StringComparison.Ordinal) || suite == suite.ToUpperInvariant();

    private static bool Exists(string path) => File.Exists(path) || Directory.Exists(path);

    [GeneratedRegex("^[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*/?$")]
    private static partial Regex PathLike();

    [GeneratedRegex("dotnet run --project Experiments -c Release (?:--no-build )?-- (.+)$")]
    private static partial Regex Command();
}

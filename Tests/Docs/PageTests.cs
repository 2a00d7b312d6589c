using System.Text.RegularExpressions;
using Ablation.Experiments.Commands;
using Ablation.Experiments.Suites;

namespace Ablation.Tests.Docs;

/// <summary>Every path and every command that a page names exists.</summary>
public sealed partial class PageTests
{
    private static readonly string[] TopLevel = [.. Directory.GetFileSystemEntries(Repository.Root)
        .Select(entry => Path.GetFileName(entry))];

    private static IReadOnlyList<string> All => Pages.All;

    [TestCaseSource(nameof(All))]
    public void Link_targets_exist(string page)
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
    public void Named_commands_parse(string page) => Assert.Multiple(() =>
    {
        foreach (var command in Pages.Code(page).Select(Started).Concat(Pages.ShellLines(page).Select(Installed)).OfType<string>())
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

    [TestCase("ablation run quick", "run quick")]
    [TestCase("ablation status quick --json | head  # as text", "status quick --json")]
    [TestCase("ablation run quick &", "run quick")]
    [TestCase("dotnet tool install ablation --global", null)]
    public void An_installed_command_is_found(string line, string? command) => Assert.That(Installed(line), Is.EqualTo(command));

    [Test]
    public void The_readme_names_its_two_commands_before_the_installed_one()
    {
        var lines = Pages.ShellLines("README.md").ToList();
        var run = lines.IndexOf("dotnet run --project Experiments -c Release -- run quick");
        var test = lines.IndexOf("dotnet test Ablation.sln -c Release");
        var installed = lines.FindIndex(line => Installed(line) is not null);
        Assert.That(new[] { run, test, installed }, Is.Ordered.And.All.GreaterThanOrEqualTo(0));
    }

    /// <summary>Returns the arguments of the program where dotnet run starts it.</summary>
    private static string? Started(string code) =>
        StartedCommand().Match(code) is { Success: true } match ? match.Groups[1].Value.Trim() : null;

    /// <summary>Returns the arguments of the program where a line starts it by its installed name, without pipes and comments.</summary>
    private static string? Installed(string line) =>
        InstalledCommand().Match(line) is { Success: true } match ? match.Groups[1].Value : null;

    /// <summary>Returns whether the name is below a folder of the repository; build output and generated results do not count.</summary>
    private static bool IsPath(string code) =>
        PathLike().IsMatch(code) && TopLevel.Contains(code.Split('/')[0]) && !code.Split('/').Any(part => part is "bin" or "obj")
        && !(code.StartsWith("results/", StringComparison.Ordinal) && !code.EndsWith("README.md", StringComparison.Ordinal));

    private static bool IsPlaceholder(string suite) =>
        suite.EndsWith(".jsonc", StringComparison.Ordinal) || suite == suite.ToUpperInvariant();

    private static bool Exists(string path) => File.Exists(path) || Directory.Exists(path);

    [GeneratedRegex("^[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*/?$")]
    private static partial Regex PathLike();

    [GeneratedRegex("dotnet run --project Experiments -c Release (?:--no-build )?-- (.+)$")]
    private static partial Regex StartedCommand();

    [GeneratedRegex("^ablation (.+?)(?: +[#|&>].*)?$")]
    private static partial Regex InstalledCommand();
}

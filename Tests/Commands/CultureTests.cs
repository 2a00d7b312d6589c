using System.Globalization;
using System.Text.Json.Nodes;

namespace Ablation.Tests.Commands;

/// <summary>The system's language does not change how numbers are written or read.</summary>
public sealed class CultureTests
{
    [TestCase("ablation"), TestCase("Benchmarks"), TestCase("Tests")]
    public void Every_program_is_built_with_the_invariant_culture(string program)
    {
        var settings = JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, $"{program}.runtimeconfig.json")))!;
        Assert.That((bool?)settings["runtimeOptions"]!["configProperties"]!["System.Globalization.Invariant"], Is.True);
    }

    [Test]
    public void A_culture_with_a_decimal_comma_cannot_be_created()
    {
        Assert.Throws<CultureNotFoundException>(() => _ = new CultureInfo("de-DE"));
        Assert.That(CultureInfo.CurrentCulture, Is.EqualTo(CultureInfo.InvariantCulture));
        Assert.That($"{-1234.5} {0.25:P1} {new DateTime(2026, 3, 4):d}", Is.EqualTo("-1234.5 25.0 % 03/04/2026"));
    }

    [Test, Parallelizable]
    public void The_program_prints_the_same_numbers_in_another_language()
    {
        using var folder = new TemporaryFolder();
        Assert.That(List(folder, "de_DE.UTF-8"), Is.EqualTo(List(folder, "C")).And.Contain("0.35"));
    }

    private static string List(TemporaryFolder folder, string language)
    {
        using var cli = Cli.Start(folder.Path, new Dictionary<string, string> { ["LC_ALL"] = language, ["LANG"] = language },
            "list", "--all");
        Assert.That(cli.End(), Is.Zero, cli.Errors);
        return cli.Output;
    }
}

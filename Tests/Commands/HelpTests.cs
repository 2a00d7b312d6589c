using System.CommandLine;
using Ablation.Experiments.Commands;

namespace Ablation.Tests.Commands;

/// <summary>What help says.</summary>
public sealed class HelpTests
{
    private const int MostChoices = 8; // "<bash|fish|powershell|zsh>"

    [Test]
    public void An_argument_has_its_name_and_not_a_list_of_all_that_can_stand_there()
    {
        var tooLong = Commands(AblationCommand.Build(), []).SelectMany(path => Help(path).Split('\n')
            .Where(line => line.Count(letter => letter == '|') > MostChoices).Select(line => $"{string.Join(' ', path)}: {line[..80]}"));
        Assert.That(tooLong, Is.Empty);
        Assert.That(Help(["run"]), Does.Contain("ablation run <suite> [options]").Or.Contain("run <suite> [options]"));
    }

    private static IEnumerable<string[]> Commands(Command command, string[] path) =>
        command.Subcommands.SelectMany(one => Commands(one, [.. path, one.Name])).Prepend(path);

    private static string Help(string[] path)
    {
        using var output = new StringWriter();
        AblationCommand.Build().Parse([.. path, "--help"]).Invoke(new InvocationConfiguration { Output = output });
        return output.ToString();
    }
}

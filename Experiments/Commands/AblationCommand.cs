using System.CommandLine;

namespace Ablation.Experiments.Commands;

/// <summary>Builds the command line: the root command with every <see cref="ISubcommand"/>, found by reflection.</summary>
public static class AblationCommand
{
    public static RootCommand Build()
    {
        var root = new RootCommand("Ablation: compares face-recognition losses under one training loop");
        foreach (var command in typeof(ISubcommand).Assembly.GetTypes()
            .Where(type => type.IsClass && type.IsAssignableTo(typeof(ISubcommand))).OrderBy(type => type.Name))
            root.Subcommands.Add(((ISubcommand)Activator.CreateInstance(command)!).Build());
        Suggestions.AddTo(root);
        return root;
    }
}

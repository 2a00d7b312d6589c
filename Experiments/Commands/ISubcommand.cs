using System.CommandLine;

namespace Ablation.Experiments.Commands;

/// <summary>A command of the program. Each is one file and is found by reflection.</summary>
public interface ISubcommand
{
    Command Build();
}

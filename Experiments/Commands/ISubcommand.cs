using System.CommandLine;

namespace Ablation.Experiments.Commands;

/// <summary>A command of the program; one file each, found by reflection.</summary>
public interface ISubcommand
{
    Command Build();
}

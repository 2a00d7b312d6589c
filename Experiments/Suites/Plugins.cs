using System.Runtime.Loader;
using Ablation.Losses.Options;

namespace Ablation.Experiments.Suites;

/// <summary>
/// Loads user assemblies with losses, backbones, sources or tests: the files that the variable ABLATION_PLUGINS names. Their options
/// records are found like the built-in ones (<see cref="Catalog"/>), also in the processes of trials, which inherit the variable.
/// </summary>
public static class Plugins
{
    public const string Variable = "ABLATION_PLUGINS";

    /// <exception cref="ArgumentException">A file is missing or not an assembly; names it.</exception>
    public static void Load()
    {
        foreach (var path in (Environment.GetEnvironmentVariable(Variable) ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            try
            {
                AssemblyLoadContext.Default.LoadFromAssemblyPath(Path.GetFullPath(path));
            }
            catch (Exception e) when (e is IOException or BadImageFormatException or UnauthorizedAccessException)
            {
                throw new ArgumentException(
                    $"{Variable}: {path} could not be loaded ({e.Message}); it must name assemblies (.dll), separated by " +
                    $"\"{Path.PathSeparator}\"", e);
            }
        }
    }
}

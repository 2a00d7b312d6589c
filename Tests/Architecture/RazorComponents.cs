using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Ablation.Tests.Architecture;

/// <summary>Razor's components as the C# that the build made of them, under the path of the component.</summary>
internal static class RazorComponents
{
    private const string Project = "Experiments", Suffix = "_razor.g.cs";

    /// <summary>Returns one tree per component; a component that was not built yet fails.</summary>
    public static IReadOnlyList<SyntaxTree> Find()
    {
        // Tests/bin/Release/net10.0/linux-x64 and Experiments/obj/Release/net10.0/linux-x64 have their last parts in common
        var built = Path.GetRelativePath(Path.Combine(Repository.Root, "Tests", "bin"), AppContext.BaseDirectory);
        var generated = Path.Combine(Repository.Root, Project, "obj", built, "generated");
        if (!Directory.Exists(generated)) Assert.Ignore($"{generated}: the build's generated sources are not there");
        var made = Directory.EnumerateFiles(generated, $"*{Suffix}", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToList();
        return [.. Components().Select(component => CSharpSyntaxTree.ParseText(File.ReadAllText(made.Single(file =>
            Slashed(file).EndsWith($"/{component[..^".razor".Length]}{Suffix}", StringComparison.Ordinal))),
            path: $"{Project}/{component}"))];
    }

    /// <summary>Components below the project; _Imports.razor only holds names for the others.</summary>
    private static IEnumerable<string> Components()
    {
        var project = Path.Combine(Repository.Root, Project);
        return Directory.EnumerateFiles(project, "*.razor", SearchOption.AllDirectories)
            .Select(path => Slashed(Path.GetRelativePath(project, path)))
            .Where(path => !path.StartsWith("obj/", StringComparison.Ordinal) && !path.StartsWith("bin/", StringComparison.Ordinal)
                && Path.GetFileName(path) != "_Imports.razor").Order(StringComparer.Ordinal);
    }

    private static string Slashed(string path) => path.Replace('\\', '/');
}

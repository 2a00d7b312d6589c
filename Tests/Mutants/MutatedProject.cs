using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace Ablation.Tests.Mutants;

/// <summary>
/// A project of the product as its build compiles it: the arguments come from MSBuild, the source generators run once, and a mutant
/// replaces one syntax tree.
/// </summary>
internal sealed class MutatedProject
{
    private readonly CSharpCompilation compilation;
    private readonly CSharpCommandLineArguments arguments;
    private readonly string name;

    /// <param name="name">Name of the project and of its folder.</param>
    public MutatedProject(string name)
    {
        this.name = name;
        var folder = Path.Combine(Repository.Root, name);
        arguments = CSharpCommandLineParser.Default.Parse(Arguments(folder), folder, sdkDirectory: null);
        var trees = arguments.SourceFiles.Select(file => Parse(File.ReadAllText(file.Path), file.Path));
        var references = arguments.MetadataReferences
            .Select(reference => MetadataReference.CreateFromFile(Path.GetFullPath(reference.Reference, folder)));
        var options = arguments.CompilationOptions.WithGeneralDiagnosticOption(ReportDiagnostic.Default);
        var generators = arguments.ResolveAnalyzerReferences(new Loader())
            .SelectMany(analyzer => analyzer.GetGenerators(LanguageNames.CSharp)).ToList();
        var inputs = new GeneratorInputs(arguments);
        CSharpGeneratorDriver.Create(generators, inputs.Files, arguments.ParseOptions, inputs)
            .RunGeneratorsAndUpdateCompilation(CSharpCompilation.Create(Path.GetFileNameWithoutExtension(arguments.OutputFileName), trees,
                references, options), out var whole, out _);
        compilation = (CSharpCompilation)whole;
    }

    /// <summary>Writes the assembly with a mutant.</summary>
    /// <param name="path">Deleted first: it may be a link.</param>
    /// <returns>The compiler's errors; null if it compiled.</returns>
    public string? Write(Mutant mutant, string path)
    {
        var file = Path.GetFullPath(Path.Combine(Repository.Root, mutant.File));
        var old = compilation.SyntaxTrees.Single(tree => Path.GetFullPath(tree.FilePath, arguments.BaseDirectory!) == file);
        File.Delete(path);
        using var stream = File.Create(path);
        var result = compilation.ReplaceSyntaxTree(old, Parse(mutant.Source(), old.FilePath))
            .Emit(stream, manifestResources: arguments.ManifestResources);
        return result.Diagnostics.FirstOrDefault(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)?.ToString();
    }

    private SyntaxTree Parse(string text, string path) =>
        CSharpSyntaxTree.ParseText(SourceText.From(text, System.Text.Encoding.UTF8), arguments.ParseOptions, path);

    /// <summary>Returns the compiler's arguments from MSBuild, without compiling.</summary>
    private string[] Arguments(string folder)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, WorkingDirectory = folder };
        foreach (var argument in new[]
        {
            "msbuild", $"{name}.csproj", "-t:PrepareResources;Compile", "-getItem:CscCommandLineArgs", "-p:Configuration=Release",
            "-p:DesignTimeBuild=true", "-p:BuildProjectReferences=false", "-p:SkipCompilerExecution=true", "-p:ProvideCommandLineArgs=true",
                "-p:NonExistentFile=always",
        }) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"MSBuild does not say how {name} is compiled: {output}");
        using var json = JsonDocument.Parse(output);
        var items = json.RootElement.GetProperty("Items").GetProperty("CscCommandLineArgs");
        return [.. items.EnumerateArray().Select(item => item.GetProperty("Identity").GetString()!)];
    }

    private sealed class Loader : IAnalyzerAssemblyLoader
    {
        public void AddDependencyLocation(string fullPath)
        {
        }

        public Assembly LoadFromPath(string fullPath) => Assembly.LoadFrom(fullPath);
    }
}

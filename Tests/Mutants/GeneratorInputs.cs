using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace Ablation.Tests.Mutants;

/// <summary>What source generators read beside the sources: Razor's components and the properties of the project.</summary>
internal sealed class GeneratorInputs(CSharpCommandLineArguments arguments) : AnalyzerConfigOptionsProvider
{
    private readonly AnalyzerConfigSet configs = AnalyzerConfigSet.Create(arguments.AnalyzerConfigPaths
        .Where(File.Exists).Select(path => AnalyzerConfig.Parse(File.ReadAllText(path), path)).ToList());

    /// <summary>The files that are no sources.</summary>
    public IEnumerable<AdditionalText> Files => arguments.AdditionalFiles.Select(file => new FileText(file.Path));

    public override AnalyzerConfigOptions GlobalOptions => new Known(configs.GlobalConfigOptions.AnalyzerOptions);

    public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => Of(tree.FilePath);

    public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => Of(textFile.Path);

    private Known Of(string path) => new(configs.GetOptionsForSourcePath(path).AnalyzerOptions);

    private sealed class FileText(string path) : AdditionalText
    {
        public override string Path => path;

        public override SourceText GetText(CancellationToken cancellationToken = default) =>
            SourceText.From(File.ReadAllText(path), Encoding.UTF8);
    }

    private sealed class Known(ImmutableDictionary<string, string> options) : AnalyzerConfigOptions
    {
        public override bool TryGetValue(string key, [NotNullWhen(true)] out string? value) => options.TryGetValue(key, out value);
    }
}

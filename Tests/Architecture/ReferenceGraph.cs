using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Ablation.Tests.Architecture;

/// <summary>
/// Which file of the product names a type or member that another file declares. Comments do not count. The four projects are compiled as
/// one, without their generated code but that of Razor's components, so compiler errors are ignored.
/// </summary>
internal sealed class ReferenceGraph
{
    private static readonly string[] Projects = ["Losses", "Harness", "Benchmarks", "Experiments"];
    private static readonly Lazy<ReferenceGraph> Shared = new(() => new ReferenceGraph());

    private ReferenceGraph()
    {
        List<SyntaxTree> trees =
        [
            .. Files.Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(Path.Combine(Repository.Root, file)), path: file)),
            .. RazorComponents.Find(),
        ];
        var compilation = CSharpCompilation.Create("product", [.. trees, Implicit()], References(),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
        var edges = new ConcurrentDictionary<string, SortedSet<string>>();
        var members = new ConcurrentDictionary<string, IReadOnlyList<string>>();
        Parallel.ForEach(trees,
            tree => (edges[tree.FilePath], members[tree.FilePath]) = Named(compilation.GetSemanticModel(tree), tree));
        (Edges, TorchMembers) = (edges, members);
    }

    /// <summary>C# sources of the product, relative to the root, with '/'.</summary>
    public static IReadOnlyList<string> Files { get; } = [.. Projects.SelectMany(Sources)];

    /// <summary>The graph of this checkout. Binding every method takes half a minute of two processors.</summary>
    public static ReferenceGraph Product => Shared.Value;

    /// <summary>Maps a file or a component of Razor to the files that it uses.</summary>
    public IReadOnlyDictionary<string, SortedSet<string>> Edges { get; }

    /// <summary>Maps a file to the names of the members of TorchSharp that it uses, each as often as it does.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> TorchMembers { get; }

    /// <summary>Maps a folder to the folders that its files use, each with one pair of files as an example.</summary>
    public SortedDictionary<string, SortedDictionary<string, string>> Folders()
    {
        var folders = new SortedDictionary<string, SortedDictionary<string, string>>(StringComparer.Ordinal);
        foreach (var (file, known) in Edges)
        {
            if (!folders.TryGetValue(Folder(file), out var arrows)) folders[Folder(file)] = arrows = new(StringComparer.Ordinal);
            foreach (var other in known.Where(other => Folder(other) != Folder(file)))
                arrows.TryAdd(Folder(other), $"{file} knows {other}");
        }

        return folders;
    }

    /// <summary>A component in Views belongs to the folder above.</summary>
    public static string Folder(string file) => file[..file.LastIndexOf('/')] is var folder
        && folder.EndsWith("/Views", StringComparison.Ordinal) ? folder[..folder.LastIndexOf('/')] : folder;

    private static IEnumerable<string> Sources(string project) =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, project), "*.cs", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/'))
            // Losses/Weaving is a build tool in a separate project
            .Where(file => !file.Contains("/obj/") && !file.Contains("/bin/")
                && !file.StartsWith("Losses/Weaving/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);

    private static SyntaxTree Implicit() => CSharpSyntaxTree.ParseText(string.Concat(new[]
    {
        "System", "System.IO", "System.Linq", "System.Net.Http", "System.Threading", "System.Threading.Tasks", "System.Collections.Generic",
    }.Select(name => $"global using {name};")), path: "implicit.cs");

    private static IEnumerable<MetadataReference> References() =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => !Projects.Contains(Path.GetFileNameWithoutExtension(path))
                && Path.GetFileName(path) is not ("Tests.dll" or "ablation.dll"))
            .Select(path => MetadataReference.CreateFromFile(path));

    private static (SortedSet<string> Files, List<string> TorchMembers) Named(SemanticModel model, SyntaxTree tree)
    {
        var (files, members) = (new SortedSet<string>(StringComparer.Ordinal), new List<string>());
        foreach (var node in tree.GetRoot().DescendantNodes())
        {
            var symbol = node switch
            {
                ForEachStatementSyntax loop => model.GetForEachStatementInfo(loop).GetEnumeratorMethod,
                SimpleNameSyntax or BaseObjectCreationExpressionSyntax or ConstructorInitializerSyntax or PrimaryConstructorBaseTypeSyntax
                    or ElementAccessExpressionSyntax or BinaryExpressionSyntax or CastExpressionSyntax => Bound(model.GetSymbolInfo(node)),
                _ => null,
            };
            if (symbol is IMethodSymbol { ReducedFrom: { } extension }) symbol = extension;
            if (symbol is null or INamespaceSymbol or IParameterSymbol or ILocalSymbol or ITypeParameterSymbol or IRangeVariableSymbol)
                continue;
            if (symbol.ContainingAssembly?.Name == "TorchSharp" && symbol is not ITypeSymbol) members.Add(symbol.Name);
            var declared = symbol.OriginalDefinition.Locations.FirstOrDefault(place => place.IsInSource)?.SourceTree?.FilePath;
            if (declared is not null and not "implicit.cs" && declared != tree.FilePath) files.Add(declared);
        }

        return (files, members);
    }

    private static ISymbol? Bound(SymbolInfo found) => found.Symbol ?? found.CandidateSymbols.FirstOrDefault();
}

using System.Runtime.Loader;
using Ablation.Losses;
using Ablation.Losses.Options;
using Ablation.Tests.Losses;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using static TorchSharp.torch;

namespace Ablation.Tests.Docs;

/// <summary>The tutorial's loss compiles as printed, is found by reflection, and trains.</summary>
[NonParallelizable]
[Category("Slow")]
public sealed class TutorialTests
{
    private const string Page = "docs/add-a-loss.md";
    private const string ImplicitUsings =
        "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; global using " +
        "System.Threading; global using System.Threading.Tasks;";

    [Test]
    public void The_loss_of_the_tutorial_compiles_is_enrolled_and_descends()
    {
        var context = new AssemblyLoadContext(nameof(TutorialTests), isCollectible: true);
        try
        {
            using var image = new MemoryStream(Compile(string.Join("\n", Pages.Blocks(Page, "csharp"))));
            var assembly = context.LoadFromStream(image);
            var type = assembly.GetTypes().Single(found => found.IsAssignableTo(typeof(LossOptions)));
            Assert.That(Catalog.RecordsOf<LossOptions>()[Catalog.NameOf(type)], Is.EqualTo(type), "reflection enrols it");
            Check((LossOptions)Activator.CreateInstance(type)!);
        }
        finally
        {
            context.Unload();
        }
    }

    private static void Check(LossOptions options)
    {
        using var problem = new LossProblem(options, 8, 9, 6, seed: 2);
        var before = problem.Value();
        problem.Loss.forward(problem.Embeddings, problem.Labels).backward();
        Assert.That(problem.Loss.parameters()
            .All(p => p.grad is not null && p.grad.isfinite().all().item<bool>()), "every parameter learns");
        using (no_grad()) problem.Embeddings.sub_(problem.Embeddings.grad! * 1e-3);
        Assert.That(problem.Value(), Is.LessThan(before));
    }

    private static byte[] Compile(string source)
    {
        var trusted = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
        var compilation = CSharpCompilation.Create("Tutorial",
            [CSharpSyntaxTree.ParseText(ImplicitUsings), CSharpSyntaxTree.ParseText(source)],
            trusted.Select(path => MetadataReference.CreateFromFile(path)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable,
                generalDiagnosticOption: ReportDiagnostic.Error));
        using var image = new MemoryStream();
        var emitted = compilation.Emit(image);
        Assert.That(emitted.Diagnostics.Where(one => one.Severity == DiagnosticSeverity.Error), Is.Empty, Page);
        return image.ToArray();
    }
}

using Ablation.Harness.Native;
using Ablation.Tests.Native.Stress;
using SkiaSharp;
using TorchSharp;

namespace Ablation.Tests.Native;

/// <summary>The rewritten wrappers are loaded and keep all objects alive; a program without them refuses to start.</summary>
public sealed class KeptArgumentsTests
{
    private static readonly string Original = OriginalOf(typeof(torch));

    private static readonly Type[] Wrappers = [typeof(torch), typeof(SKObject), typeof(HarfBuzzSharp.Font),
        typeof(Microsoft.ML.OnnxRuntime.InferenceSession)];

    /// <summary>Assemblies that the program carries and calls no native code of.</summary>
    private static readonly Dictionary<string, string> Unused = new()
    {
        ["Microsoft.Diagnostics.Runtime"] = "BenchmarkDotNet's look into other processes",
        ["Microsoft.Diagnostics.Tracing.TraceEvent"] = "BenchmarkDotNet's events of Windows",
        ["Microsoft.Diagnostics.FastSerialization"] = "the same",
    };

    [TestCaseSource(nameof(Wrappers))]
    public void The_loaded_file_keeps_every_object_to_the_end_of_every_native_call(Type one)
    {
        Assert.That(KeptArguments.InForce(one.Assembly));
        var (methods, faults) = KeepAliveScan.Of(one.Assembly.Location);
        Assert.That(faults.Take(20), Is.Empty);
        Assert.That(methods, Is.GreaterThan(one == typeof(torch) || one == typeof(SKObject) ? 1000 : 100),
            "most of its methods call native code");
    }

    [Test]
    public void Every_package_with_finalised_handles_is_rewritten()
    {
        var exposed = FinalisedHandles.OfProgram(Path.Combine(AppContext.BaseDirectory, "ablation.dll"));
        Assert.That(exposed, Is.EquivalentTo(Wrappers.Select(one => one.Assembly.GetName().Name).Concat(Unused.Keys)));
    }

    [Test]
    public void The_scan_finds_the_faults_of_the_original_package()
    {
        var faults = KeepAliveScan.Of(Original).Faults;
        foreach (var expected in new[]
        {
            "Tensor::fill_(TorchSharp.Scalar): may be inlined",
            "Tensor::fill_(TorchSharp.Scalar): argument 0 may be gone during THSTensor_fill_",
            "Tensor::fill_(TorchSharp.Scalar): argument 1 may be gone during THSTensor_fill_",
            "torch::stack(System.Collections.Generic.IEnumerable`1<TorchSharp.torch/Tensor>,System.Int64): nothing holds the tensors of " +
            "a sequence",
            "AdamW::<step>b__2_0(TorchSharp.Modules.AdamW/ParamGroup): argument 0 may be gone before the return",
        }) Assert.That(faults, Has.Some.EndsWith(expected), expected);
        Assert.That(faults.Select(fault => fault.Split(": ")[0]).Distinct().Count(), Is.GreaterThan(1000));
    }

    [TestCaseSource(nameof(Wrappers))]
    public void The_rewritten_file_has_the_name_and_types_of_the_original(Type one)
    {
        using var original = Mono.Cecil.AssemblyDefinition.ReadAssembly(OriginalOf(one));
        using var rewritten = Mono.Cecil.AssemblyDefinition.ReadAssembly(one.Assembly.Location);
        Assert.That(rewritten.FullName, Is.EqualTo(original.FullName));
        Assert.That(rewritten.MainModule.GetTypes().SelectMany(type => type.Methods).Select(method => method.FullName)
            .Where(name => !name.Contains("Ablation.KeptValue")),
            Is.EqualTo(original.MainModule.GetTypes().SelectMany(type => type.Methods).Select(method => method.FullName)));
    }

    [Test]
    public void A_program_with_another_file_refuses_to_start_and_names_the_remedy()
    {
        var other = typeof(KeptArgumentsTests).Assembly; // not rewritten
        using var warnings = new StringWriter();
        Assert.That(() => KeptArguments.Require(other, without: false, warnings), Throws.TypeOf<InvalidDataException>()
            .With.Message.Contains(other.Location).And.Message.Contains("dotnet build").And.Message.Contains(KeptArguments.Without));
        Assert.That(warnings.ToString(), Is.Empty);
        KeptArguments.Require(other, without: true, warnings);
        Assert.That(warnings.ToString(), Does.StartWith("warning: ").And.Contain(other.Location));
    }

    [Test, NotOnWine(Wine.Unwinding)]
    public void The_stress_covers_every_operation_that_the_product_uses()
    {
        var used = UsedOperations.All();
        Assert.That(used, Has.Count.GreaterThan(200));
        Assert.That(used.Where(operation => Operation.Of(operation) is null).Select(UsedOperations.NameOf), Is.Empty,
            "neither arguments by type nor a recipe: write one in Tests/Native/Stress/Recipes.cs");
    }

    private static string OriginalOf(Type wrapper) =>
        Path.Combine(AppContext.BaseDirectory, "original", Path.GetFileName(wrapper.Assembly.Location));

    [Test]
    public void Every_recipe_is_for_a_used_operation() =>
        Assert.That(Recipes.All.Keys.Except(UsedOperations.All().Select(UsedOperations.NameOf)), Is.Empty);
}

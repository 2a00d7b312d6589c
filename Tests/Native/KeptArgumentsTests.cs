using Ablation.Harness.Native;
using Ablation.Tests.Native.Stress;
using TorchSharp;

namespace Ablation.Tests.Native;

/// <summary>The rewritten TorchSharp.dll is loaded and keeps all objects alive; a program without it refuses to start.</summary>
public sealed class KeptArgumentsTests
{
    private static readonly string Original = Path.Combine(AppContext.BaseDirectory, "original", "TorchSharp.dll");

    [Test]
    public void The_loaded_TorchSharp_keeps_every_object_to_the_end_of_every_native_call()
    {
        Assert.That(KeptArguments.InForce(typeof(torch).Assembly));
        var (methods, faults) = KeepAliveScan.Of(typeof(torch).Assembly.Location);
        Assert.That(faults.Take(20), Is.Empty);
        Assert.That(methods, Is.GreaterThan(1000), "most of its methods call native code");
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

    [Test]
    public void The_rewritten_file_has_the_name_and_types_of_the_original()
    {
        using var original = Mono.Cecil.AssemblyDefinition.ReadAssembly(Original);
        using var rewritten = Mono.Cecil.AssemblyDefinition.ReadAssembly(typeof(torch).Assembly.Location);
        Assert.That(rewritten.FullName, Is.EqualTo(original.FullName));
        Assert.That(rewritten.MainModule.GetTypes().SelectMany(type => type.Methods).Select(method => method.FullName)
            .Where(name => !name.Contains("TorchSharp.KeptValue")),
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

    [Test]
    public void Every_recipe_is_for_a_used_operation() =>
        Assert.That(Recipes.All.Keys.Except(UsedOperations.All().Select(UsedOperations.NameOf)), Is.Empty);
}

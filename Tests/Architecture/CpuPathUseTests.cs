using Ablation.Losses.Kernels;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Ablation.Tests.Architecture;

/// <summary>Only <see cref="CpuPath"/> is asked which way a tensor is computed, so that one switch turns the CPU's own way off.</summary>
[Parallelizable]
public sealed class CpuPathUseTests
{
    /// <summary>Files that ask for the processor itself, and why the switch does not matter to them.</summary>
    private static readonly Dictionary<string, string> AboutTheMachine = new()
    {
        ["Losses/Kernels/CpuPath.cs"] = "the switch itself",
        ["Losses/Kernels/ProductPrecision.cs"] = "sets the precision in the library of that device",
        ["Harness/Doctor/DoctorSubject.cs"] = "a processor is examined in small, and in both ways",
        ["Harness/Doctor/KernelSpeedCheck.cs"] = "a processor has nothing to synchronise",
        ["Harness/Doctor/MemoryCheck.cs"] = "a processor's memory is that of the process",
        ["Harness/Kernels/PointwiseProduct.cs"] = "oneDNN computes wrongly on a CPU, whichever way is taken",
        ["Harness/Networks/ChannelMultiplier.cs"] = "libtorch computes wrongly on a CPU, whichever way is taken",
        ["Harness/Networks/StridedPointwise.cs"] = "oneDNN damages memory on a CPU, whichever way is taken",
        ["Harness/Planning/SpeedProbe.cs"] = "a processor's step takes time in proportion to its images, whichever way is taken",
        ["Harness/Planning/WorkingSet.cs"] = "malloc leaves holes in the host's memory, whichever way is taken",
        ["Benchmarks/BareNetwork.cs"] = "a clock between two parts of a step makes a GPU wait",
        ["Experiments/Scheduling/PoolShape.cs"] = "trials share a machine's cores, or its GPUs",
    };

    [Test]
    public void Only_the_switch_and_what_is_about_the_machine_ask_for_the_CPU()
    {
        var asking = ReferenceGraph.Files.Where(file => AsksForCpu(File.ReadAllText(Path.Combine(Repository.Root, file))));
        Assert.That(asking, Is.EquivalentTo(AboutTheMachine.Keys));
    }

    [TestCase("x.device_type == DeviceType.CPU")]
    [TestCase("device.type != TorchSharp.DeviceType.CPU")]
    [TestCase("device.type is DeviceType.CPU")]
    [TestCase("device.type switch { DeviceType.CPU => 1, _ => 2 }")]
    [TestCase("x.device_type.Equals(DeviceType.CPU)")]
    [TestCase("device == CPU")]
    [TestCase("torch.CPU != device")]
    [TestCase("x.is_cpu()")]
    [TestCase("device.ToString() == \"cpu\"")]
    public void A_question_for_the_CPU_is_found(string question) => Assert.That(AsksForCpu($"var answer = {question};"));

    [TestCase("randn(3, device: CPU)")]
    [TestCase("device.type == DeviceType.CUDA")]
    [TestCase("CpuPath.IsTaken(device)")]
    public void Other_code_is_not(string code) => Assert.That(!AsksForCpu($"var answer = {code};"));

    private static bool AsksForCpu(string source)
    {
        if (!source.Contains("cpu", StringComparison.OrdinalIgnoreCase)) return false; // most files
        return CSharpSyntaxTree.ParseText(source).GetRoot().DescendantNodes().Any(node => node switch
        {
            MemberAccessExpressionSyntax { Name.Identifier.Text: "CPU", Expression: var owner } when
                owner.ToString().EndsWith("DeviceType", StringComparison.Ordinal) => true,
            QualifiedNameSyntax name => name.ToString().EndsWith("DeviceType.CPU", StringComparison.Ordinal), // "is" takes it for a type
            SimpleNameSyntax { Identifier.Text: "is_cpu" } => true,
            BinaryExpressionSyntax two when two.Kind() is SyntaxKind.EqualsExpression or SyntaxKind.NotEqualsExpression =>
                IsCpu(two.Left) || IsCpu(two.Right),
            _ => false,
        });
    }

    private static bool IsCpu(ExpressionSyntax side) => side.ToString() is "CPU" or "torch.CPU" or "\"cpu\"";
}

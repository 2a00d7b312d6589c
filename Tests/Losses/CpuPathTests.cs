using Ablation.Losses;
using Ablation.Losses.Heads;
using Ablation.Losses.Kernels;
using Ablation.Losses.Kernels.Fused;
using TorchSharp;
using static TorchSharp.torch;

namespace Ablation.Tests.Losses;

/// <summary>The switch that lets a CPU compute as a GPU does.</summary>
[NonParallelizable]
public sealed class CpuPathTests
{
    [Test]
    public void It_is_taken_by_a_CPU_alone_and_not_while_switched_off()
    {
        Assert.That(CpuPath.IsTaken(CPU));
        Assert.That(!CpuPath.IsTaken(DeviceType.CUDA) && !CpuPath.IsTaken(DeviceType.MPS) && !CpuPath.IsTaken(DeviceType.META));
        var first = CpuPath.SwitchOff();
        using (CpuPath.SwitchOff()) Assert.That(!CpuPath.IsTaken(CPU));
        Assert.That(!CpuPath.IsTaken(DeviceType.CPU), "one of two has ended");
        first.Dispose();
        first.Dispose(); // counts once
        Assert.That(CpuPath.IsTaken(CPU));
        using (CpuPath.SwitchOff()) Assert.That(!CpuPath.IsTaken(DeviceType.CPU), "on every thread");
    }

    [Test]
    public void Switched_off_it_gives_the_kernels_of_libtorch()
    {
        using (CpuPath.SwitchOff()) Assert.That(Kernel(), Is.EqualTo("libtorch"));
        Assert.That(Kernel(), Is.EqualTo(MicroKernel.IsSupported ? "fused" : "libtorch"));
    }

    private static string Kernel()
    {
        using var scope = NewDisposeScope();
        using var loss = new ArcFaceOptions().Build(new LossShape(5, 4));
        loss.Configure(new HeadOptions { Implementation = HeadImplementation.Tiled });
        using var pass = loss.Begin(randn(3, 4), tensor(new long[] { 0, 1, 4 }));
        return pass.Choice.Kernel;
    }
}

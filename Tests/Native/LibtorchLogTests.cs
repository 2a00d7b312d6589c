using System.Runtime.InteropServices;
using Ablation.Losses.Kernels;

namespace Ablation.Tests.Native;

/// <summary>libtorch prints errors alone: no warning per convolution on a processor that NNPACK does not know.</summary>
[Platform(Exclude = "Win", Reason = "Windows' libtorch exports other names, and has no NNPACK")]
public sealed class LibtorchLogTests
{
    private const int Error = 2; // of glog's levels: information, warning, error

    [Test]
    public void Warnings_of_libtorch_are_off()
    {
        if (Environment.GetEnvironmentVariable("TORCH_CPP_LOG_LEVEL") is { Length: > 0 } given)
            Assert.Ignore($"TORCH_CPP_LOG_LEVEL is {given} here, which is respected");
        var level = TorchExport.TryFind("FLAGS_caffe2_log_level", "", TorchExport.C10);
        Assert.That(level, Is.Not.Null, "the name of the level in libtorch");
        Assert.That(Marshal.ReadInt32(level!.Value), Is.EqualTo(Error));
    }
}

using Ablation.Harness.Native;
using TorchSharp;

namespace Ablation.Tests.Native;

/// <summary>The library for the CPU has the same switches as that for CUDA, so they are set and read here.</summary>
public sealed class DeterministicDeviceTests
{
    [Test]
    public void Every_switch_is_set_and_read_back()
    {
        var before = DeterministicDevice.Read();
        try
        {
            DeterministicDevice.Set(DeterministicDevice.Wanted);
            Assert.That(DeterministicDevice.Read(), Is.EqualTo(new DeterminismSwitches(true, false, true, true, false)));
            DeterministicDevice.Set(new DeterminismSwitches(false, true, false, false, true));
            Assert.That(DeterministicDevice.Read(), Is.EqualTo(new DeterminismSwitches(false, true, false, false, true)));
        }
        finally
        {
            DeterministicDevice.Set(before);
        }
    }

    [Test]
    public void A_processor_is_left_as_it_is()
    {
        var before = (DeterministicDevice.Read(), Environment.GetEnvironmentVariable("CUBLAS_WORKSPACE_CONFIG"));
        Assert.That(DeterministicDevice.Prepare(torch.CPU), Is.Null);
        Assert.That((DeterministicDevice.Read(), Environment.GetEnvironmentVariable("CUBLAS_WORKSPACE_CONFIG")), Is.EqualTo(before));
    }

    [Test]
    public void A_device_for_CUDA_is_prepared()
    {
        var before = DeterministicDevice.Read();
        try
        {
            Assert.That(DeterministicDevice.Prepare(new torch.Device(DeviceType.CUDA, 0)), Is.Null,
                "a library without CUDA has the switches");
            Assert.That(DeterministicDevice.Read(), Is.EqualTo(DeterministicDevice.Wanted));
            Assert.That(Environment.GetEnvironmentVariable("CUBLAS_WORKSPACE_CONFIG"), Is.EqualTo(":4096:8"));
        }
        finally
        {
            DeterministicDevice.Set(before);
            Environment.SetEnvironmentVariable("CUBLAS_WORKSPACE_CONFIG", null);
        }
    }

    [Test]
    public void A_workspace_of_another_size_is_reported()
    {
        var before = DeterministicDevice.Read();
        Environment.SetEnvironmentVariable("CUBLAS_WORKSPACE_CONFIG", ":0:0");
        try
        {
            Assert.That(DeterministicDevice.Prepare(new torch.Device(DeviceType.CUDA, 0)),
                Does.StartWith("CUBLAS_WORKSPACE_CONFIG is :0:0").And.Contain("unset it"));
        }
        finally
        {
            DeterministicDevice.Set(before);
            Environment.SetEnvironmentVariable("CUBLAS_WORKSPACE_CONFIG", null);
        }
    }
}

using Ablation.Experiments.Scheduling.Pool;
using TorchSharp;

namespace Ablation.Tests.Scheduling.Pool;

/// <summary>One slot per GPU, which its trial sees as the only one.</summary>
public sealed class PoolDeviceTests
{
    [Test]
    public void Without_a_choice_of_gpus_there_is_one_device()
    {
        Assert.That(PoolDevice.List("cpu", 0, null), Is.EqualTo(new[] { new PoolDevice("cpu", "cpu") }));
        Assert.That(PoolDevice.List("cuda", 1, null), Is.EqualTo(new[] { new PoolDevice("cuda", "cuda") }));
        Assert.That(PoolDevice.List("cuda:1", 4, null), Is.EqualTo(new[] { new PoolDevice("cuda:1", "cuda:1") }), "chosen by name");
    }

    [Test]
    public void Each_gpu_is_a_separate_device() =>
        Assert.That(PoolDevice.List("cuda", 2, null),
            Is.EqualTo(new[] { new PoolDevice("cuda:0", "cuda", "0"), new PoolDevice("cuda:1", "cuda", "1") }));

    [Test]
    public void Visible_gpus_keep_the_users_names() =>
        Assert.That(PoolDevice.List("cuda", 2, "3, GPU-8a").Select(device => device.Visible), Is.EqualTo(new[] { "3", "GPU-8a" }));

    [Test]
    public void A_requested_device_matches_the_device_found()
    {
        var (cpu, gpu) = (torch.CPU, new torch.Device(DeviceType.CUDA, 0));
        Assert.That(PoolDevice.Asked("auto", cpu), Is.EqualTo("cpu"));
        Assert.That(PoolDevice.Asked("auto", gpu), Is.EqualTo("cuda"));
        Assert.That(PoolDevice.Asked("cuda", gpu), Is.EqualTo("cuda"));
        Assert.That(PoolDevice.Asked("cuda:0", gpu), Is.EqualTo("cuda:0"));
    }
}

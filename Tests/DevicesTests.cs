using Ablation.Harness.Native;
using TorchSharp;

namespace Ablation.Tests;

/// <summary>Values of --device, and the errors for those it refuses.</summary>
public sealed class DevicesTests
{
    [TestCase("gpu")]
    [TestCase("")]
    [TestCase("CPU")]
    [TestCase("cuda:x")]
    [TestCase("cuda:")]
    [TestCase("cuda:-1")]
    [TestCase("cuda: 0")]
    [TestCase("cuda:0x1")]
    [TestCase("cudax")]
    public void An_unknown_name_is_refused_with_the_known_ones(string name) =>
        Assert.That(() => Devices.Find(name),
            Throws.ArgumentException.With.Message.EqualTo($"--device {name}: not known; use auto, cpu, cuda, cuda:N or mps"));

    [TestCase("cuda", 0)]
    [TestCase("cuda:0", 0)]
    [TestCase("cuda:99", 99)]
    public void A_CUDA_device_exists_or_the_error_says_how_to_get_one(string name, int index)
    {
        if (torch.cuda.is_available() && index < torch.cuda.device_count())
            Assert.That(Devices.Find(name).index, Is.EqualTo(index));
        else if (torch.cuda.is_available())
            Assert.That(() => Devices.Find(name), Throws.TypeOf<MissingDeviceException>().With.Message.Contains("CUDA devices, cuda:0 to"));
        else
            Assert.That(() => Devices.Find(name),
                Throws.TypeOf<MissingDeviceException>().With.Message.Contains("-p:Torch=cuda").And.Message.Contains("--device cpu"));
    }

    [Test]
    public void Mps_exists_or_is_reported_missing()
    {
        if (torch.mps_is_available()) Assert.That(Devices.Find("mps").type, Is.EqualTo(DeviceType.MPS));
        else Assert.That(() => Devices.Find("mps"),
            Throws.TypeOf<MissingDeviceException>().With.Message.Contains("no Metal GPU").And.Message.Contains("--device cpu"));
    }

    [Test]
    public void Auto_gives_a_device_that_computes()
    {
        using var one = torch.ones(1, device: Devices.Find("auto"));
        Assert.That(one.add(1).cpu().item<float>(), Is.EqualTo(2));
        Assert.That(Devices.Find("cpu").type, Is.EqualTo(DeviceType.CPU));
    }
}

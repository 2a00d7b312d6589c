using Ablation.Harness.Native;
using Ablation.Harness.Provenance;

namespace Ablation.Tests.Provenance;

/// <summary>Output of libraries, tools and counters is parsed; missing values are null.</summary>
public sealed class MachineTellsTests
{
    private const string Built = """
        PyTorch built with:
          - GCC 13.3
          - Intel(R) oneAPI Math Kernel Library Version 2024.2-Product Build 20240605 for Intel(R) 64 architecture applications
          - Intel(R) MKL-DNN v3.7.1 (Git Hash 8d263e693366ef8db40acc569cc7d8edf644556d)
          - CPU capability usage: AVX512
          - CUDA Runtime 12.8
          - CuDNN 91.0.2
        """;

    private const string Cards = """
        0, NVIDIA A100, 570.1, GPU-aaa
        1, NVIDIA H100, 570.1, GPU-bbb
        """;

    [Test]
    public void The_build_description_of_libtorch_is_parsed() =>
    Assert.That(NativeVersions.Read((2ul << 56) + (10ul << 48) + (3ul << 40) + 5, Built),
        Is.EqualTo(new NativeVersions("2.10.3", "2024.2", "3.7.1", "AVX512", "12.8", "91.0.2")));

    [Test]
    public void A_library_without_a_version_gives_null()
    {
        Assert.That(NativeVersions.Read(null, null), Is.EqualTo(new NativeVersions(null)));
        Assert.That(new NativeVersions(null).ToString(), Is.Empty);
    }

    [Test]
    public void The_loaded_libtorch_is_that_of_the_package()
    {
        var packages = File.ReadAllText(Path.Combine(Repository.Root, "Directory.Packages.props"));
        Assert.That(NativeVersions.Current.Libtorch, Does.Match(@"^\d+\.\d+\.\d+$"));
        Assert.That(packages, Does.Contain($"Include=\"libtorch-cpu-linux-x64\" Version=\"{NativeVersions.Current.Libtorch}\""));
        Assert.That(Packages.All, Has.Some.StartsWith("TorchSharp ").And.Some.StartsWith("SkiaSharp 3.").And.None.StartsWith("System"));
    }

    [Test]
    [Platform("Linux", Reason = "at::show_config is read only there")]
    public void On_Linux_libtorch_names_its_compute_libraries() =>
        Assert.That((NativeVersions.Current.OneDnn, NativeVersions.Current.Vectors), Is.Not.EqualTo(((string?)null, (string?)null)));

    [TestCase(0, null, "PCI_BUS_ID", "NVIDIA A100")]
    [TestCase(1, null, "PCI_BUS_ID", "NVIDIA H100")]
    [TestCase(0, "1", "PCI_BUS_ID", "NVIDIA H100")]
    [TestCase(1, "1,0", "PCI_BUS_ID", "NVIDIA A100")]
    [TestCase(0, "GPU-bbb", null, "NVIDIA H100")]
    [TestCase(0, "GPU-b", null, "NVIDIA H100")]
    [TestCase(0, null, null, null, Description = "the fastest is first, whichever that is")]
    [TestCase(2, null, "PCI_BUS_ID", null)]
    [TestCase(1, "0", "PCI_BUS_ID", null)]
    [TestCase(0, "MIG-c", "PCI_BUS_ID", null)]
    public void A_card_is_identified_among_those_visible_to_the_process(int index, string? visible, string? order, string? name) =>
        Assert.That(GraphicsCard.Choose(Cards, index, visible, order)?.Name, Is.EqualTo(name));

    [Test]
    public void A_single_card_or_equal_cards_need_no_order()
    {
        Assert.That(GraphicsCard.Choose("0, NVIDIA L4, 550.2, GPU-x", 0, "MIG-c", null),
            Is.EqualTo(new GraphicsCard("NVIDIA L4", "550.2", "GPU-x")));
        Assert.That(GraphicsCard.Choose("0, NVIDIA L4, 550.2, GPU-x\n1, NVIDIA L4, 550.2, GPU-y\n", 1, null, null)?.Uuid,
            Is.EqualTo("GPU-y"));
        Assert.That(GraphicsCard.Choose("", 0, null, null), Is.Null);
    }

    [Test]
    public void The_high_water_mark_is_read_in_KiB()
    {
        Assert.That(PeakResident.Read(["VmPeak:\t 9 kB", "VmHWM:\t    1736 kB", "VmRSS:\t 1 kB"]), Is.EqualTo(1736 * 1024));
        Assert.That(PeakResident.Read(["VmPeak:\t 9 kB"]), Is.Null);
        Assert.That(PeakResident.Read(["VmHWM:\t 12 MB"]), Is.Null);
        if (OperatingSystem.IsLinux() || OperatingSystem.IsWindows()) Assert.That(PeakResident.Measure(), Is.GreaterThan(20L << 20));
    }
}

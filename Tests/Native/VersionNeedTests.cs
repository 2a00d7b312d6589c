using Ablation.Harness.Native;
using TorchSharp;

namespace Ablation.Tests.Native;

/// <summary>The patch for an older libstdc++ changes one flag in a copy and nothing else.</summary>
[Platform("Linux", Reason = "the patch concerns ELF libraries")]
public sealed class VersionNeedTests
{
    private const string Version = "GLIBCXX_3.4.32";

    [Test]
    public void The_patched_copy_differs_only_in_the_weak_flag_of_one_need()
    {
        using var folder = new TemporaryFolder();
        var wrapper = TorchNative.WrapperPath();
        Assert.That(wrapper, Is.Not.Null, "the package's wrapper lies in the output folder");
        var before = File.ReadAllBytes(wrapper!);
        var after = File.ReadAllBytes(TorchNative.PatchedCopy(wrapper!, folder.Path));

        var changed = Enumerable.Range(0, before.Length).Where(i => before[i] != after[i]).ToList();
        Assert.That(after, Has.Length.EqualTo(before.Length));
        Assert.That(changed, Is.EqualTo(VersionNeed.FlagOffsets(before, Version)).And.Count.EqualTo(1));
        Assert.That((before[changed[0]], after[changed[0]]), Is.EqualTo(((byte)0, (byte)2)));
        Assert.That(File.ReadAllBytes(wrapper!), Is.EqualTo(before), "the original is untouched");
    }

    [Test]
    public void A_version_that_is_not_needed_changes_nothing()
    {
        var bytes = File.ReadAllBytes(TorchNative.WrapperPath()!);
        var before = bytes.ToArray();
        Assert.That(VersionNeed.MarkWeak(bytes, "GLIBCXX_9.9.99"), Is.Zero);
        Assert.That(bytes, Is.EqualTo(before));
    }

    [TestCase("MZ no elf")]
    [TestCase("\u007fELF")]
    public void A_file_that_is_not_ELF_is_refused(string text) =>
        Assert.That(() => VersionNeed.FlagOffsets(System.Text.Encoding.Latin1.GetBytes(text.PadRight(80)), Version),
            Throws.TypeOf<BadImageFormatException>());

    [Test]
    public void A_truncated_library_is_refused()
    {
        var half = File.ReadAllBytes(TorchNative.WrapperPath()!)[..4096];
        Assert.That(() => VersionNeed.FlagOffsets(half, Version), Throws.TypeOf<BadImageFormatException>());
    }

    [Test]
    public void Libtorch_computes() => Assert.That(torch.ones(3, 4).sum().item<float>(), Is.EqualTo(12));
}

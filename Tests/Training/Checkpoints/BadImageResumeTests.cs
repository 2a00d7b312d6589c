using Ablation.Harness.Batches;
using Ablation.Harness.Faces;
using Ablation.Tests.Faces;

namespace Ablation.Tests.Training.Checkpoints;

/// <summary>Bad pictures found before an interruption.</summary>
public sealed class BadImageResumeTests
{
    private const int Resolution = 8;
    private static readonly BatchOptions Options = new() { BatchSize = 3, OnBadImage = OnBadImage.Skip, Workers = 1 };

    [Test]
    public void They_are_skipped_and_counted_even_if_repaired_meanwhile()
    {
        using var broken = new FakeSource(12, 4) { Bad = [2, 7] };
        using var mended = new FakeSource(12, 4) { Bad = [7] };
        var (first, second) = (new BatchStream(broken, Resolution, 5, AugmentOptions.Off, Options),
            new BatchStream(mended, Resolution, 5, AugmentOptions.Off, Options));
        var whole = Indices(first, 0);
        Assert.That(first.Unreadable, Is.EqualTo(new[] { 2, 7 }));
        second.Skip(first.Unreadable);
        Assert.That(Indices(second, 2), Is.EqualTo(whole[6..]));
        Assert.That(second.BadImageCount, Is.EqualTo(2));
        Assert.That(second.BadImages[0].What, Does.Contain("before the training was interrupted"));
    }

    [Test]
    public void They_are_skipped_on_a_device_that_holds_the_whole_set()
    {
        using var broken = new FakeSource(12, 4) { Bad = [2, 7] };
        using var mended = new FakeSource(12, 4) { Bad = [7] };
        var (first, second) = (Resident(broken), Resident(mended));
        second.Skip(first.Unreadable);
        Assert.That(second.Unreadable, Is.EqualTo(new[] { 2, 7 }));
        Assert.That(second.Steps(2, 8)
            .SelectMany(step => step.Indices), Is.EqualTo(first.Steps(0, 8).SelectMany(step => step.Indices).Skip(6)));

        static ResidentFaces Resident(FaceSource source) => new(source, Resolution, 5, AugmentOptions.Off, Options, 1 << 20);
    }

    private static int[] Indices(BatchStream batches, long from) => [.. batches.Read(from, 8).SelectMany(batch => batch.Indices.ToArray())];
}

using Ablation.Benchmarks;
using Ablation.Harness.Faces;
using Ablation.Harness.Faces.Synthetic;

namespace Ablation.Tests.Faces;

/// <summary>The benchmark's pack, and a source limited to part of another.</summary>
public sealed class SyntheticPackTests
{
    private static readonly SyntheticOptions Faces = new() { Identities = 3, ImagesPerIdentity = 4, Resolution = 32 };

    [Test]
    public void A_written_pack_is_read_back()
    {
        using var folder = new TemporaryFolder();
        var path = SyntheticPack.Write(folder.Path, Faces);
        using var painted = Faces.Open(new DataRoot("."));
        using var pack = new RecordIoOptions { Path = path }.Open(new DataRoot("."));
        Assert.That((pack.Count, pack.Identities), Is.EqualTo((12, 3)));
        for (var i = 0; i < pack.Count; i++)
        {
            var (face, original) = (pack.Read(i), painted.Read(i));
            Assert.That(face.Identity, Is.EqualTo(original.Identity));
            Assert.That(face.Image.Rgb.Zip(original.Image.Rgb, (a, b) => Math.Abs(a - b))
                .Average(), Is.LessThan(6), "a JPEG loses little and keeps the order of the colours");
        }

        Assert.That(File.ReadAllBytes(path).Length % 4, Is.Zero, "records are padded");
    }

    [Test]
    public void A_pack_of_one_class_per_image_needs_no_property_file()
    {
        using var folder = new TemporaryFolder();
        var path = SyntheticPack.Write(folder.Path, Faces);
        File.Delete(folder.File("property"));
        using var pack = new RecordIoOptions { Path = path }.Open(new DataRoot("."));
        Assert.That((pack.Count, pack.Identities), Is.EqualTo((12, 3)));
    }

    [TestCase(2)]
    [TestCase(9)]
    public void A_limited_source_repeats_its_images_and_keeps_the_identities(int count)
    {
        using var source = new FakeSource(4, classes: 3);
        using var limited = new LimitedSource(source, count);
        Assert.That((limited.Count, limited.Identities, limited.Name), Is.EqualTo((count, 3, "fake")));
        for (var i = 0; i < count; i++)
        {
            Assert.That(limited.Read(i).Image.Rgb, Is.EqualTo(source.Read(i % 4).Image.Rgb));
            Assert.That((limited.IdentityOf(i), limited.Locate(i)), Is.EqualTo((i % 4 % 3, $"fake@{i % 4}")));
        }

        Assert.That(() => limited.Read(count), Throws.InstanceOf<ArgumentOutOfRangeException>());
        limited.Dispose();
        Assert.That(source.Disposed, Is.False, "the inner source belongs to its caller");
    }
}

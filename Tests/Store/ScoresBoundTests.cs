using System.IO.Compression;
using Ablation.Experiments.Store;
using Ablation.Harness.Formats;
using Ablation.Losses;
using Ablation.Tests.Training;

namespace Ablation.Tests.Store;

/// <summary>An archive that would unpack to more than the possible size is refused before unpacking.</summary>
public sealed class ScoresBoundTests
{
    private TemporaryFolder folder = null!;
    private string path = null!;

    [SetUp]
    public void Make()
    {
        folder = new TemporaryFolder();
        path = folder.File("scores.npz");
        ScoresFile.Write(path, ExampleOutput.Of(Tiny.Spec(new NptOptions()), "Npt", 1).Scores[0]);
        Assert.That(() => ScoresFile.Read(path), Throws.Nothing, "the premise");
    }

    [TearDown]
    public void Remove() => folder.Dispose();

    private static long Allocated(Action action)
    {
        var before = GC.GetTotalAllocatedBytes(precise: true);
        action();
        return GC.GetTotalAllocatedBytes(precise: true) - before;
    }

    private void Refused(string what) =>
        Assert.That(Allocated(() =>
            Assert.That(() => ScoresFile.Read(path),
                Throws.TypeOf<InvalidDataException>().With.Message.Contains(what).And.Message.Contains("evaluate again"))),
                    Is.LessThan(16 << 20));

    [Test]
    public void A_member_of_zeros_is_not_unpacked([Values("more.npy", "same.npy")] string name)
    {
        using (var archive = ZipFile.Open(path, ZipArchiveMode.Update))
        {
            archive.GetEntry(name)?.Delete();
            using var entry = archive.CreateEntry(name, CompressionLevel.Fastest).Open();
            NpyArray.WriteHeader(entry, typeof(bool), 80_000_000);
            for (var i = 0; i < 80; i++) entry.Write(new byte[1_000_000]);
        }

        Assert.That(new FileInfo(path).Length, Is.LessThan(2_000_000), "the premise");
        Refused("it unpacks to 80");
    }

    [Test]
    public void An_unlisted_member_is_refused()
    {
        using (var archive = ZipFile.Open(path, ZipArchiveMode.Update))
        {
            using var entry = archive.CreateEntry("extra.npy").Open();
            NpyArray.Write<float>(entry, [1], 1);
        }

        Refused("it contains \"extra.npy\", which about.json does not list");
    }

    [Test]
    public void Too_many_members_are_refused()
    {
        using (var archive = ZipFile.Open(path, ZipArchiveMode.Update))
        {
            for (var i = 0; i < 200; i++) archive.CreateEntry($"{i}.npy").Open().Dispose();
        }

        Refused("more than the 100 that scores can have");
    }

    [Test]
    public void A_member_larger_than_its_stated_size_is_refused()
    {
        var bytes = File.ReadAllBytes(path);
        using (var archive = new ZipArchive(new MemoryStream(bytes))) Assert.That(archive.GetEntry("about.json"), Is.Not.Null);
        // the directory's entry of about.json: uncompressed size at 24 of its 46 bytes
        var at = Enumerable.Range(0, bytes.Length - 56)
            .Last(i => bytes.AsSpan(i, 4).SequenceEqual("PK\u0001\u0002"u8) && bytes.AsSpan(i + 46, 10).SequenceEqual("about.json"u8));
        BitConverter.TryWriteBytes(bytes.AsSpan(at + 24), 10);
        File.WriteAllBytes(path, bytes);
        Assert.That(() => ScoresFile.Read(path), Throws.TypeOf<InvalidDataException>());
    }
}

using Ablation.Harness.Batches;
using Ablation.Harness.Faces;
using Ablation.Tests.Faces;
using Ablation.Tests.Formats;
using Ablation.Tests.Images;

namespace Ablation.Tests.Batches;

/// <summary>
/// A cache that is truncated, corrupt, outdated or out of space: the message names file and picture; pixels are never wrong.
/// </summary>
[Parallelizable]
public sealed class PixelCacheFaultTests
{
    private const int Count = 20;
    private readonly List<string> said = [];
    private TemporaryFolder folder = null!;

    [SetUp]
    public void Make()
    {
        folder = new TemporaryFolder();
        said.Clear();
    }

    [TearDown]
    public void Remove() => folder.Dispose();

    [TestCase(0)]
    [TestCase(7)]
    [TestCase(56)]
    [TestCase(300)]
    [TestCase(-1)]
    public void A_truncated_file_is_named_and_written_again(int length)
    {
        var path = Built();
        using (var file = new FileStream(path, FileMode.Open)) file.SetLength(length < 0 ? file.Length + length : length);
        IsRight();
        Assert.That(said, Has.Some.Contains(path).And.Some.Contains("it is written again"));
        said.Clear();
        Assert.That(IsRight().Reads, Is.Zero);
    }

    [Test]
    public void A_file_with_a_flipped_bit_in_its_head_is_written_again()
    {
        var path = Built();
        for (var at = 0; at < 56 + Count * 24; at += 5)
        {
            Flip(path, at);
            said.Clear();
            Assert.That(IsRight().Reads, Is.Positive, $"byte {at}");
            Assert.That(said, Has.Some.Contains(path).And.Some.Contains("it is written again"), $"byte {at}");
        }
    }

    [Test]
    public void A_picture_with_a_flipped_bit_is_reported_read_from_the_source_and_repaired_at_the_next_use()
    {
        var path = Built();
        for (var round = 0; round < 8; round++)
        {
            var at = 56 + Count * 24 + round * 1000;
            Flip(path, at);
            said.Clear();
            Assert.That(IsRight().Reads, Is.InRange(1, 2), $"byte {at}: only the damaged picture is decoded");
            Assert.That(said,
                Has.Count.EqualTo(1).And.One.Match(
                    $"^{System.Text.RegularExpressions.Regex.Escape(path)}: picture \\d+ \\(fake@\\d+\\) is damaged"));
            Assert.That(File.Exists(path), Is.False);
            IsRight();
            Assert.That(IsRight().Reads, Is.Zero);
        }
    }

    [Test, Platform(Exclude = "Win", Reason = "Windows refuses to cut an open file")]
    public void A_picture_truncated_while_the_file_is_open_comes_from_the_source()
    {
        var path = Built();
        var source = Source();
        using var packed = Cache().Open(source, 1, default)!;
        using (var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete))
            file.SetLength(file.Length / 2);
        Holds(packed);
        Assert.That(source.Reads, Is.GreaterThan(Count / 4));
    }

    [Test]
    public void Another_fingerprint_or_count_is_another_cache()
    {
        Built();
        foreach (var source in new[] { new FakeSource(Count, 3) { Print = "changed" }, new FakeSource(Count + 1, 3) { Print = "more" } })
        {
            using var packed = Cache().Open(source, 2, default)!;
            Assert.That(source.Reads, Is.GreaterThanOrEqualTo(Count));
        }

        var shorter = new FakeSource(Count - 1, 3) { Print = "fake" }; // the same fingerprint for other data
        using var again = Cache().Open(shorter, 2, default)!;
        Assert.That(again.Read(Count - 2).Image.Rgb, Is.EqualTo(FakeSource.Picture(Count - 2, 12).Rgb));
        Assert.That(shorter.Reads, Is.Positive);
    }

    [Test]
    public void The_fingerprint_depends_on_the_files()
    {
        var faces = Directory.CreateDirectory(folder.File("faces")).FullName;
        foreach (var name in new[] { "a/1.png", "a/2.png", "b/1.png" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(faces, name))!);
            File.WriteAllBytes(Path.Combine(faces, name), Pictures.Png(Pictures.Of(name[0])));
        }

        File.WriteAllText(folder.File("list.tsv"), "faces/a/1.png\t0\nfaces/b/1.png\t1\n");
        RecordIoWriter.WithHeader([0, 1], i => Pictures.Png(Pictures.Of(i))).Save(folder.Path);
        var prints = new HashSet<string>();
        void Changed(SourceOptions options, Action change)
        {
            var (before, same) = (Print(options), Print(options));
            change();
            Assert.That(same, Is.EqualTo(before));
            Assert.That(Print(options), Is.Not.EqualTo(before).And.Not.Null);
        }

        string? Print(SourceOptions options)
        {
            using var source = options.Open(new DataRoot(folder.Path));
            return source.Fingerprint;
        }

        var image = Path.Combine(faces, "a", "1.png");
        foreach (var options in new SourceOptions[] { new FolderOptions { Path = "faces" }, new SplitListOptions { Path = "list.tsv" } })
        {
            Changed(options, () => File.SetLastWriteTimeUtc(image, File.GetLastWriteTimeUtc(image).AddSeconds(-2)));
            Changed(options, () =>
            {
                var written = File.GetLastWriteTimeUtc(image);
                File.AppendAllText(image, "x");
                File.SetLastWriteTimeUtc(image, written);
            });
        }

        Changed(new FolderOptions { Path = "faces" },
            () => File.Move(Path.Combine(faces, "a", "2.png"), Path.Combine(faces, "b", "2.png")));
        Changed(new SplitListOptions { Path = "list.tsv" },
            () => File.WriteAllText(folder.File("list.tsv"), "faces/a/1.png\t1\nfaces/b/1.png\t0\n"));
        var pack = new RecordIoOptions { Path = folder.File("train.rec") };
        Changed(pack, () => File.SetLastWriteTimeUtc(folder.File("train.rec"), new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc)));
        Changed(pack, () => File.WriteAllText(folder.File("property"), "2,10,12"));
        Changed(pack, () => File.AppendAllText(folder.File("train.idx"), "9\t0\n"));
    }

    [Test]
    public void Without_disk_space_the_run_continues_with_one_message()
    {
        var cache = new PixelCache(folder.Path, said.Add) { FreeBytes = _ => (1L << 30) + 100 };
        var source = Source();
        for (var round = 0; round < 3; round++) Assert.That(cache.Open(source, 2, default), Is.Null);
        Assert.That(source.Disposed, Is.False);
        Assert.That(said, Has.Count.EqualTo(1).And.One.Contains("1024 MB are left free"));
    }

    [Test]
    public void A_disk_that_fills_up_ends_the_writing_and_no_file_is_left()
    {
        var asked = 0;
        var cache = new PixelCache(folder.Path, said.Add) { FreeBytes = _ => Interlocked.Increment(ref asked) == 1 ? long.MaxValue : 5 };
        using var large = new FakeSource(5, 1, 2600) { Print = "large" };
        Assert.That(cache.Open(large, 2, default), Is.Null);
        Assert.That(said, Has.Some.Contains("less than 1024 MB are free").And.Some.Contains("the run goes on"));
        Assert.That(Directory.GetFiles(folder.Path).Select(Path.GetExtension), Is.All.EqualTo(".lock"));
    }

    [Test]
    public void A_folder_that_cannot_be_written_is_reported_and_the_run_continues()
    {
        File.WriteAllText(folder.File("file"), "");
        using var source = Source();
        Assert.That(new PixelCache(folder.File("file"), said.Add).Open(source, 2, default), Is.Null);
        Assert.That(said, Has.Count.EqualTo(1).And.One.Contains("choose another --cache folder"));

        var blocked = Built();
        File.Delete(blocked);
        Directory.CreateDirectory(blocked); // its name is taken: the rename fails
        Assert.That(Cache().Open(source, 2, default), Is.Null);
        Assert.That(said, Has.Some.StartsWith(blocked).And.Some.Contains("the run goes on"));
        Assert.That(Directory.GetFiles(folder.Path, "*.tmp"), Is.Empty);
    }

    [Test]
    public void A_half_written_cache_is_never_used()
    {
        using var cancel = new CancellationTokenSource();
        using var source = new FakeSource(500, 3) { Print = "fake", OnRead = read => { if (read == 200) cancel.Cancel(); } };
        Assert.That(() => Cache().Open(source, 2, cancel.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(Directory.GetFiles(folder.Path).Select(Path.GetExtension), Is.All.EqualTo(".lock"));

        var path = Built();
        File.Move(path, path + ".0123.tmp"); // as a killed process leaves it
        Assert.That(IsRight().Reads, Is.GreaterThanOrEqualTo(Count));
        Assert.That(Directory.GetFiles(folder.Path, "*.tmp"), Is.Empty);
    }

    private PixelCache Cache() => new(folder.Path, said.Add) { FreeBytes = _ => long.MaxValue };

    private static FakeSource Source() => new(Count, 3) { Print = "fake" };

    private string Built()
    {
        Cache().Open(Source(), 2, default)!.Dispose();
        said.Clear();
        return Directory.GetFiles(folder.Path, "*.pixels").Single();
    }

    /// <summary>Opens the cache and checks every picture. Returns the source, which counts its reads.</summary>
    private FakeSource IsRight()
    {
        var source = Source();
        using var packed = Cache().Open(source, 2, default)!;
        Holds(packed);
        return source;
    }

    private static void Holds(FaceSource packed)
    {
        for (var i = 0; i < Count; i++)
        {
            Assert.That(packed.Read(i).Image.Rgb, Is.EqualTo(FakeSource.Picture(i, 12).Rgb));
            Assert.That(packed.Read(i).Identity, Is.EqualTo(i % 3));
        }
    }

    private static void Flip(string path, int at)
    {
        using var file = new FileStream(path, FileMode.Open);
        file.Position = at;
        var value = file.ReadByte();
        file.Position = at;
        file.WriteByte((byte)(value ^ 1 << at % 8));
    }
}

using System.Collections.Concurrent;
using Ablation.Harness.Batches;
using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Tests.Faces;
using Ablation.Tests.Formats;
using Ablation.Tests.Images;

namespace Ablation.Tests.Batches;

/// <summary>Decoded pictures on disk are decoded once, equal to the last byte, and never stop a run.</summary>
public sealed class PixelCacheTests
{
    private readonly ConcurrentQueue<string> said = new();
    private TemporaryFolder folder = null!;

    [SetUp]
    public void Make() => (folder, _) = (new TemporaryFolder(), Forget());

    [TearDown]
    public void Remove() => folder.Dispose();

    [Test]
    public void After_the_first_use_no_picture_is_decoded_again()
    {
        var first = Source();
        using (var packed = Open(first)!) Holds(packed, 30);
        Assert.That(first.Disposed, Is.True);
        Assert.That(said, Has.Some.Contains("writing 30 decoded pictures"));
        Forget();
        var second = Source();
        using (var packed = Open(second)!)
        {
            Holds(packed, 30);
            Assert.That((packed.Name, packed.Identities, packed.Locate(4), packed.NameOf(1), packed.IdentityOf(4)),
                Is.EqualTo(("fake", 3, "fake@4", "1", 1)));
        }

        Assert.That(second.Reads, Is.Zero);
        Assert.That(said, Is.Empty, "success prints nothing");
    }

    [Test]
    public void Pictures_of_many_sizes_and_a_broken_one_in_a_pack()
    {
        var sizes = Enumerable.Range(1, 12).Select(i => (Width: 3 * i, Height: 40 - 3 * i)).ToArray();
        var pack = RecordIoWriter.WithHeader([.. sizes.Select((_, i) => i % 3)],
            i => i == 7 ? [1, 2, 3] : Pictures.Png(Pictures.Of(i, sizes[i].Width, sizes[i].Height)));
        var data = Directory.CreateDirectory(folder.File("pack")).FullName;
        pack.Save(data);
        for (var round = 0; round < 2; round++)
        {
            using var plain = new RecordIoOptions { Path = data }.Open(new DataRoot("."));
            using var packed = Open(new RecordIoOptions { Path = data }.Open(new DataRoot(".")))!;
            for (var i = 0; i < sizes.Length; i++)
            {
                if (i == 7)
                {
                    var message = Assert.Throws<DataProblem>(() => plain.Read(7))!.Message;
                    Assert.That(() => packed.Read(7), Throws.TypeOf<DataProblem>().With.Message.EqualTo(message));
                    continue;
                }

                var (face, expected) = (packed.Read(i), plain.Read(i));
                Assert.That((face.Identity, face.Image.Width, face.Image.Height),
                    Is.EqualTo((expected.Identity, expected.Image.Width, expected.Image.Height)));
                Assert.That(face.Image.Rgb, Is.EqualTo(expected.Image.Rgb));
            }
        }
    }

    [TestCase(OnBadImage.Skip)]
    [TestCase(OnBadImage.Stop)]
    public void Training_sees_bad_pictures_and_classes_as_without_the_cache(OnBadImage onBad)
    {
        for (var round = 0; round < 2; round++)
        {
            using var packed = Open(Bad())!;
            Assert.That(Seen(packed, onBad), Is.EqualTo(Seen(Bad(), onBad)));
        }

        using var mislabelled = Open(new FakeSource(30, 3) { Print = "mislabelled", Mislabelled = [5] })!;
        Assert.That(Seen(mislabelled, onBad),
            Is.EqualTo(Seen(new FakeSource(30, 3) { Mislabelled = [5] }, onBad)).And.Some.Contains("its class 3"));

        static FakeSource Bad() => new(30, 3) { Print = "bad", Bad = [3, 4, 17] };
    }

    [Test]
    public void A_set_without_a_fingerprint_is_not_cached()
    {
        using var source = new FakeSource(5, 2);
        Assert.That(Open(source), Is.Null);
        Assert.That((source.Reads, source.Disposed, said.Count), Is.EqualTo((0, false, 0)));
    }

    [Test]
    public void Of_concurrent_uses_one_writes_and_the_others_wait()
    {
        var sources = Enumerable.Range(0, 4).Select(_ => new FakeSource(30, 3) { Print = "slow", OnRead = _ => Thread.Sleep(2) }).ToArray();
        var packed = new PackedSource?[sources.Length];
        Parallel.For(0, sources.Length, new ParallelOptions { MaxDegreeOfParallelism = sources.Length }, i => packed[i] = Open(sources[i]));
        foreach (var one in packed) Holds(one!, 30);
        Assert.That(sources.Count(source => source.Reads > 0), Is.EqualTo(1));
        foreach (var one in packed) one!.Dispose();
    }

    [Test]
    public void Waiting_ends_when_the_lock_is_released_or_the_run_cancelled()
    {
        using (Open(Source()))
        {
        }

        var path = Files().Single();
        File.Delete(path);
        using var cancel = new CancellationTokenSource();
        Task<PackedSource?> waiting;
        using (new FileStream(path + ".lock", FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            waiting = Task.Run(() => Open(Source(), cancel.Token));
            Assert.That(() => said, Has.Some.Contains("waiting for the process").After(5000, 10));
            cancel.Cancel();
            Assert.That(() => waiting.GetAwaiter().GetResult(), Throws.InstanceOf<OperationCanceledException>());
            Forget();
            waiting = Task.Run(() => Open(Source()));
            Assert.That(() => said, Has.Some.Contains("waiting for the process").After(5000, 10));
            Assert.That(said, Has.None.Contains("writing"));
        }

        using var packed = waiting.GetAwaiter().GetResult()!;
        Holds(packed, 30);
        Assert.That(said, Has.Some.Contains("writing"));
    }

    private PackedSource? Open(FaceSource source, CancellationToken cancel = default) => Cache().Open(source, 2, cancel);

    private PixelCache Cache() => new(folder.Path, said.Enqueue) { FreeBytes = _ => long.MaxValue };

    private string[] Files() => Directory.GetFiles(folder.Path, "*.pixels");

    private bool Forget()
    {
        said.Clear();
        return true;
    }

    private static FakeSource Source() => new(30, 3) { Print = "fake" };

    private static void Holds(FaceSource packed, int count)
    {
        Assert.That(packed.Count, Is.EqualTo(count));
        for (var i = 0; i < count; i++)
        {
            var face = packed.Read(i);
            Assert.That((face.Identity, face.Image.Width, face.Image.Height), Is.EqualTo((i % 3, 12, 12)));
            Assert.That(face.Image.Rgb, Is.EqualTo(FakeSource.Picture(i, 12).Rgb));
        }
    }

    /// <summary>Returns what training sees of an epoch, errors included.</summary>
    private static List<string> Seen(FaceSource source, OnBadImage onBad)
    {
        var seen = new List<string>();
        var batches = new BatchStream(source, 8, 5, new AugmentOptions(),
            new BatchOptions { BatchSize = 5, Workers = 1, OnBadImage = onBad });
        try
        {
            foreach (var batch in batches.Read(0, 6))
                seen.Add($"{string.Join(',', batch.Indices)} {string.Join(',', batch.Labels)} {string.Join(',', batch.Pixels)}");
        }
        catch (DataProblem problem)
        {
            seen.Add(problem.Message);
        }

        seen.AddRange(batches.BadImages.Select(bad => bad.ToString()));
        return seen;
    }
}

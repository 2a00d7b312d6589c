using System.Collections.Concurrent;
using Ablation.Harness.Batches;
using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Tests.Faces;
using Ablation.Tests.Formats;
using Ablation.Tests.Images;

namespace Ablation.Tests.Batches;

/// <summary>Reading ahead is in order and bounded, stops where it gains nothing, and does not change the batches.</summary>
public sealed class ReadAheadTests
{
    [Test]
    public void It_stays_in_order_and_within_its_depth_and_ends_when_disposed()
    {
        var touched = new ConcurrentQueue<long>();
        using (var ahead = new ReadAhead(100, 10_000, position =>
        {
            Thread.Sleep(1); // slower than any memory
            touched.Enqueue(position);
            return true;
        }))
        {
            Assert.That(() => touched.Count, Is.EqualTo(ReadAhead.Depth).After(20_000, 20));
            Thread.Sleep(50);
            Assert.That(touched.Order(), Is.EqualTo(Enumerable.Range(100, ReadAhead.Depth)));
            ahead.Reach(640);
            Assert.That(() => touched.Contains(640 + ReadAhead.Depth - 1), Is.True.After(20_000, 20));
            Assert.That(touched.Where(position => position >= 100 + ReadAhead.Depth)
                .Min(), Is.EqualTo(640), "pictures that were already read are left out");
        }

        var count = touched.Count;
        Thread.Sleep(30);
        Assert.That(touched, Has.Count.EqualTo(count));
    }

    [Test]
    public void Most_pictures_are_left_out_where_reading_is_fast()
    {
        var touched = 0;
        using var ahead = new ReadAhead(0, 50_000, _ => Interlocked.Increment(ref touched) > 0);
        for (var position = 0; position < 50_000; position += 64)
        {
            ahead.Reach(position);
            if (position % 6400 == 0) Thread.Sleep(2);
        }

        Assert.That(Volatile.Read(ref touched), Is.LessThan(25_000));
    }

    [Test]
    public void It_ends_when_the_source_reports_no_gain()
    {
        var asked = 0;
        using (var ahead = new ReadAhead(0, 10_000, _ => Interlocked.Increment(ref asked) < 0))
        {
            for (var position = 0; position < 10_000; position += 64) ahead.Reach(position);
        }

        Assert.That(asked, Is.InRange(0, 8));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Batches_are_the_same_and_only_later_pictures_are_touched(bool dropLast)
    {
        var touched = new ConcurrentDictionary<int, int>();
        using var source = new FakeSource(50, 3) { OnTouch = index => touched.AddOrUpdate(index, 1, (_, times) => times + 1) };
        var options = new BatchOptions { BatchSize = 8, Workers = 2, DropLast = dropLast };
        var batches = new BatchStream(source, 8, 3, new AugmentOptions(), options);
        var plain = new BatchStream(new FakeSource(50, 3), 8, 3, new AugmentOptions(), options);
        string[] seen = [.. batches.Read(0, 2 * batches.StepsPerEpoch).Select(Text)];
        Assert.That(seen, Is.EqualTo(plain.Read(0, 2 * plain.StepsPerEpoch).Select(Text)));
        Assert.That(touched.Keys, Is.All.InRange(0, 49));
        Assert.That(touched.Values, Is.All.InRange(1, 2), "once per epoch");

        static string Text(Batch batch) => $"{batch.Count}: {string.Join(' ', batch.Pixels)} {string.Join(' ', batch.Indices)}";
    }

    [Test, Platform(Exclude = "Win", Reason = "Windows refuses to cut an open file")]
    public void A_damaged_pack_is_read_ahead_without_an_error()
    {
        using var folder = new TemporaryFolder();
        RecordIoWriter.WithHeader([0, 1, 0, 1], i => Pictures.Png(Pictures.Of(i))).Save(folder.Path);
        using var source = new RecordIoOptions { Path = folder.Path }.Open(new DataRoot("."));
        using (var file = new FileStream(folder.File("train.rec"), FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            file.SetLength(120);
        for (var i = 0; i < 4; i++) Assert.That(source.Touch(i), Is.True);
        Assert.That(() => source.Read(3), Throws.TypeOf<DataProblem>());
        using var cached = new CachedSource(new FakeSource(2, 1), 1 << 20);
        Assert.That(cached.Touch(0), Is.False);
    }
}

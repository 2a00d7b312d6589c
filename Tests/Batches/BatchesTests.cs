using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Ablation.Harness.Batches;
using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Harness.Images;
using Ablation.Harness.Protocols;
using Ablation.Tests.Faces;

namespace Ablation.Tests.Batches;

/// <summary>The parallel batches depend on the seed, not on the threads; a bad picture stops its own batch.</summary>
[CancelAfter(60_000)]
public sealed class BatchesTests
{
    private const int Resolution = 8;
    private static readonly AugmentOptions Everything = new()
    {
        GreyProbability = 0.3,
        DownUpProbability = 0.5,
        DownUpMinPixels = 3,
        EraseProbability = 0.5
    };

    [Test]
    public void An_epoch_has_the_same_pixels_on_one_two_and_five_threads()
    {
        var one = HashOf(1, seed: 7);
        Assert.That(HashOf(2, seed: 7), Is.EqualTo(one));
        Assert.That(HashOf(5, seed: 7), Is.EqualTo(one));
        Assert.That(HashOf(2, seed: 8), Is.Not.EqualTo(one), "another seed gives another epoch");
    }

    [Test]
    public void Batches_come_in_order_and_an_epoch_visits_every_image_once_with_its_label()
    {
        using var source = new FakeSource(23, 5);
        var batches = new BatchStream(source, Resolution, 1, AugmentOptions.Off,
            new BatchOptions { BatchSize = 4, DropLast = false, Workers = 3 });
        Assert.That(batches.StepsPerEpoch, Is.EqualTo(6));
        var seen = new List<(int Epoch, int Step, int Index)>();
        foreach (var batch in batches.Read(0, 12))
        {
            Assert.That(batch.Count, Is.EqualTo(batch.Step == 5 ? 3 : 4));
            for (var i = 0; i < batch.Count; i++)
            {
                seen.Add((batch.Epoch, batch.Step, batch.Indices[i]));
                Assert.That(batch.Labels[i], Is.EqualTo(batch.Indices[i] % 5));
                Assert.That(batch.PixelsOf(i).ToArray(), Is.EqualTo(Planes(batch.Indices[i])));
            }
        }

        Assert.That(seen.Select(s => (s.Epoch, s.Step))
            .Distinct(), Is.EqualTo(from e in new[] { 0, 1 } from s in Enumerable.Range(0, 6) select (e, s)));
        var orders = seen.GroupBy(s => s.Epoch).Select(g => g.Select(s => s.Index).ToArray()).ToArray();
        Assert.That(orders[0], Is.EquivalentTo(Enumerable.Range(0, 23)));
        Assert.That(orders[1], Is.EquivalentTo(Enumerable.Range(0, 23)));
        Assert.That(orders[0], Is.Not.EqualTo(orders[1]), "every epoch has another order");
        Assert.That(orders[0], Is.EqualTo(new EpochOrder(23, 4, false, 1).Permutation(0)));
    }

    [Test]
    public void An_image_is_augmented_differently_in_every_epoch()
    {
        using var source = new FakeSource(8, 4);
        var seen = new List<string>();
        foreach (var batch in new BatchStream(source, Resolution, 1, Everything, new BatchOptions { BatchSize = 8, Workers = 1 })
            .Read(0, 3))
            seen.Add(Convert.ToHexString(MemoryMarshal.AsBytes(batch.PixelsOf(Array.IndexOf(batch.Indices, 5)))));
        Assert.That(seen, Is.Unique);
    }

    [Test]
    public void Resuming_at_a_step_gives_the_same_batches()
    {
        using var source = new FakeSource(20, 4);
        var whole = Batches(source, 3).Read(0, 8).Select(HashOf).ToArray();
        var rest = Batches(source, 2).Read(3, 8).Select(HashOf).ToArray();
        Assert.That(rest, Is.EqualTo(whole[3..]));
        Assert.That(whole, Is.Unique);
    }

    [Test]
    public void The_last_small_batch_is_dropped_on_request_and_too_few_images_are_refused()
    {
        using var source = new FakeSource(10, 2);
        Assert.That(new BatchStream(source, Resolution, 0, AugmentOptions.Off, new BatchOptions { BatchSize = 4 }).StepsPerEpoch,
            Is.EqualTo(2));
        Assert.That(() => new BatchStream(source, Resolution, 0, AugmentOptions.Off, new BatchOptions { BatchSize = 11 }),
            Throws.TypeOf<DataProblem>().With.Message.Contains("10 images").And.Message.Contains("lower batch"));
        Assert.That(() => new BatchStream(source, Resolution, 0, AugmentOptions.Off, new BatchOptions { BatchSize = 0 }),
            Throws.TypeOf<DataProblem>().With.Message.StartsWith("Batch: batchSize = 0"));
    }

    [TestCase(1)]
    [TestCase(4)]
    public void A_bad_image_is_an_error_at_its_own_batch_and_not_earlier(int workers)
    {
        var order = new EpochOrder(40, 4, true, 3).Permutation(0);
        using var source = new FakeSource(40, 4) { Bad = [order[22], order[21]] };
        var batches = new BatchStream(source, Resolution, 3, AugmentOptions.Off,
            new BatchOptions { BatchSize = 4, Workers = workers, Buffers = 8 });
        var steps = new List<int>();
        var problem = Assert.Throws<DataProblem>(() =>
        {
            foreach (var batch in batches.Read(0, 10)) steps.Add(batch.Step);
        });
        Assert.That(steps, Is.EqualTo(new[] { 0, 1, 2, 3, 4 }));
        Assert.That(problem!.Where, Is.EqualTo($"fake@{order[21]}"), "the first bad image of the batch, whichever thread read it");
    }

    [Test]
    public void Workers_read_no_further_ahead_than_the_buffers()
    {
        const int buffers = 3, size = 4;
        using var source = new FakeSource(200, 4);
        var batches = new BatchStream(source, Resolution, 0, AugmentOptions.Off,
            new BatchOptions { BatchSize = size, Buffers = buffers, Workers = 3 });
        var given = 0;
        foreach (var _ in batches.Read(0, 20))
        {
            given++;
            // the current batch fills one buffer; wait until the others are full, then check that nothing more is read
            var most = Math.Min(80, (given - 1 + buffers) * size);
            Assert.That(() => source.Reads, Is.EqualTo(most).After(5000, 1));
            Thread.Sleep(2);
            Assert.That(source.Reads, Is.EqualTo(most));
        }

        Assert.That(given, Is.EqualTo(20));
    }

    [Test]
    public void Cancelling_ends_a_wait_at_once_and_joins_the_threads()
    {
        using var cancel = new CancellationTokenSource();
        using var hold = new ManualResetEventSlim();
        using var source = new FakeSource(40, 4) { OnRead = read => { if (read > 8) hold.Wait(5000); } };
        var batches = new BatchStream(source, Resolution, 0, AugmentOptions.Off, new BatchOptions { BatchSize = 4, Workers = 2 });
        var steps = 0;
        var clock = Stopwatch.StartNew();
        Assert.That(() =>
        {
            foreach (var _ in batches.Read(0, 10, cancel.Token))
            {
                if (++steps < 2) continue;
                cancel.CancelAfter(20);
                cancel.Token.Register(hold.Set);
            }
        }, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(steps, Is.EqualTo(2));
        Assert.That(clock.ElapsedMilliseconds, Is.LessThan(4000));
        var reads = source.Reads;
        Thread.Sleep(30);
        Assert.That(source.Reads, Is.EqualTo(reads), "no thread reads any more");
    }

    [Test]
    public void Leaving_the_loop_early_joins_the_threads()
    {
        using var source = new FakeSource(400, 4);
        var batches = new BatchStream(source, Resolution, 0, AugmentOptions.Off,
            new BatchOptions { BatchSize = 4, Workers = 4, Buffers = 20 });
        foreach (var _ in batches.Read(0, 100)) break;
        var reads = source.Reads;
        Thread.Sleep(30);
        Assert.That(source.Reads, Is.EqualTo(reads));
    }

    [Test]
    public void A_class_that_does_not_exist_is_an_error()
    {
        using var source = new WrongLabels();
        var batches = new BatchStream(source, Resolution, 0, AugmentOptions.Off, new BatchOptions { BatchSize = 2, Workers = 1 });
        Assert.That(() => batches.Read(0, 2).Count(), Throws.TypeOf<DataProblem>().With.Message.Contains("class 3"));
    }

    [TestCase(1)]
    [TestCase(3)]
    public void Evaluation_reads_every_image_in_order_and_never_skips(int workers)
    {
        var options = new BatchOptions { BatchSize = 4, Workers = workers, OnBadImage = OnBadImage.Skip };
        using var source = new FakeSource(10, 2);
        var indices = new List<int>();
        foreach (var batch in Evaluated(source, options))
        {
            Assert.That(batch.Labels, Is.Empty);
            for (var i = 0; i < batch.Count; i++)
            {
                indices.Add(batch.Indices[i]);
                Assert.That(batch.PixelsOf(i).ToArray(), Is.EqualTo(Planes(batch.Indices[i])));
            }
        }

        Assert.That(indices, Is.EqualTo(Enumerable.Range(0, 10)));
        using var broken = new FakeSource(10, 2) { Bad = [6] };
        Assert.That(() => Evaluated(broken, options)
            .Count(), Throws.TypeOf<DataProblem>().With.Message.StartsWith("fake@6"));
    }

    private sealed class WrongLabels : FaceSource
    {
        public override string Name => "wrong";
        public override int Count => 4;
        public override int Identities => 3;
        public override LabelledFace Read(int index) => new(FakeSource.Picture(index, 4), index);
        public override int IdentityOf(int index) => index;
        public override string Locate(int index) => $"wrong@{index}";
    }

    private static IEnumerable<Batch> Evaluated(FaceSource source, BatchOptions options) =>
        EvaluationImages.Read(new SourceImages(source), [.. Enumerable.Range(0, source.Count)], Resolution, options);

    private static BatchStream Batches(FaceSource source, int workers) =>
        new(source, Resolution, 11, Everything, new BatchOptions { BatchSize = 5, Workers = workers, Buffers = 2 });

    private static string HashOf(int workers, int seed)
    {
        using var source = new FakeSource(61, 7) { Bad = [3, 17], OnRead = read => Thread.SpinWait(read % 7 * 300) };
        var options = new BatchOptions { BatchSize = 8, DropLast = false, Workers = workers, Buffers = 3, OnBadImage = OnBadImage.Skip };
        var batches = new BatchStream(source, Resolution, seed, Everything, options);
        return string.Concat(batches.Read(0, 2 * batches.StepsPerEpoch).Select(HashOf));
    }

    private static string HashOf(Batch batch) =>
        Convert.ToHexString(SHA256.HashData(
        [
            .. MemoryMarshal.AsBytes(batch.Pixels.AsSpan(0, batch.Count * 3 * Resolution * Resolution)),
            .. MemoryMarshal.AsBytes(batch.Labels.AsSpan(0, batch.Count)),
            .. MemoryMarshal.AsBytes(batch.Indices.AsSpan(0, batch.Count)),
        ]));

    private static float[] Planes(int index)
    {
        var planes = new float[3 * Resolution * Resolution];
        Augment.None(FakeSource.Picture(index, 12), Resolution, planes);
        return planes;
    }
}

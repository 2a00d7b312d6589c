using Ablation.Harness.Batches;
using Ablation.Tests.Faces;

namespace Ablation.Tests.Batches;

/// <summary>The time that training waits for pictures, without the first batch.</summary>
public sealed class WaitTests
{
    private const int Delay = 30; // milliseconds; Sleep takes no less

    [Test]
    public void The_wait_for_a_slow_source_is_counted_from_the_second_batch()
    {
        using var source = new FakeSource(8, 2) { OnRead = _ => Thread.Sleep(Delay) };
        var batches = new BatchStream(source, 8, 1, AugmentOptions.Off, new BatchOptions { BatchSize = 2, Workers = 1, Buffers = 2 });
        Assert.That(batches.Waited, Is.EqualTo(TimeSpan.Zero));
        foreach (var batch in batches.Read(0, 4))
        {
            if (batch.Step == 0) Assert.That(batches.Waited, Is.EqualTo(TimeSpan.Zero), "the first batch does not count");
        }

        // the thread may start a batch before the reader waits for it, but two pictures take at least two delays
        Assert.That(batches.Waited.TotalMilliseconds, Is.GreaterThan(3 * Delay));
        var waited = batches.Waited;
        foreach (var _ in batches.Read(0, 1))
        {
        }

        Assert.That(batches.Waited, Is.EqualTo(waited), "each read has a first batch");
    }

    [Test]
    public void A_slow_reader_does_not_wait()
    {
        using var filled = new CountdownEvent(6);
        using var ring = new OrderedRing<object>([new(), new(), new()], 0, 3, _ => 2, (_, _, _) => filled.Signal(), workers: 1);
        filled.Wait();
        Thread.Sleep(Delay); // only one lock is between the last item and "ready"
        for (var number = 0; number < 3; number++)
        {
            Assert.That(ring.Next(CancellationToken.None), Is.Not.Null);
            Assert.That(ring.LastWait, Is.EqualTo(TimeSpan.Zero));
        }
    }
}

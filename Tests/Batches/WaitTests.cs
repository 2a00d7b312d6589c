using Ablation.Harness.Batches;
using Ablation.Tests.Faces;

namespace Ablation.Tests.Batches;

/// <summary>The time that training waits for pictures is counted, the start left out.</summary>
public sealed class WaitTests
{
    private const int Delay = 30; // milliseconds; Sleep takes no less

    [Test]
    public void A_slow_source_shows_in_the_wait_for_all_batches_but_the_first()
    {
        using var source = new FakeSource(8, 2) { OnRead = _ => Thread.Sleep(Delay) };
        var batches = new BatchStream(source, 8, 1, AugmentOptions.Off, new BatchOptions { BatchSize = 2, Workers = 1, Buffers = 2 });
        Assert.That(batches.Waited, Is.EqualTo(TimeSpan.Zero));
        foreach (var batch in batches.Read(0, 4))
        {
            if (batch.Step == 0) Assert.That(batches.Waited, Is.EqualTo(TimeSpan.Zero), "the first batch is left out");
        }

        // the thread may start on a batch before the reader waits for it, never finish two pictures in less than two delays
        Assert.That(batches.Waited.TotalMilliseconds, Is.GreaterThan(3 * Delay));
        var waited = batches.Waited;
        foreach (var _ in batches.Read(0, 1))
        {
        }

        Assert.That(batches.Waited, Is.EqualTo(waited), "each read has a first batch");
    }

    [Test]
    public void Whoever_asks_late_does_not_wait()
    {
        using var filled = new CountdownEvent(6);
        using var ring = new OrderedRing<object>([new(), new(), new()], 0, 3, _ => 2, (_, _, _) => filled.Signal(), workers: 1);
        filled.Wait();
        Thread.Sleep(Delay); // from the last item to "ready" is one lock
        for (var number = 0; number < 3; number++)
        {
            Assert.That(ring.Next(CancellationToken.None), Is.Not.Null);
            Assert.That(ring.LastWait, Is.EqualTo(TimeSpan.Zero));
        }
    }
}

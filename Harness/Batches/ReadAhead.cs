using System.Diagnostics;

namespace Ablation.Harness.Batches;

/// <summary>
/// Reads stored bytes a few hundred pictures before they are needed, in that order, so that a slow disk or network serves several requests
/// at once and the decoding threads find the bytes in the system's memory. It hands nothing over.
/// </summary>
/// <remarks>If answers come at once, the bytes are in memory already: then only one stretch in nine is read, which costs decoding
/// nothing.</remarks>
internal sealed class ReadAhead : IDisposable
{
    public const int Depth = 512;
    public const int QuickInARow = 256;
    public const int Skipped = 2048;
    private const int ThreadCount = 4;
    private const int ReportEvery = 64;
    private static readonly TimeSpan Quick = TimeSpan.FromMicroseconds(50); // no disk answers that fast
    private readonly object gate = new();
    private readonly Func<long, bool> touch;
    private readonly long end;
    private readonly Thread[] threads;
    private long next;
    private long reached;
    private int quick;
    private bool stopping;

    /// <param name="first">The position that is needed first.</param>
    /// <param name="end">One past the last.</param>
    /// <param name="touch">Reads what is stored for a position, from any thread; false if that never gains anything. Must not
    /// throw.</param>
    public ReadAhead(long first, long end, Func<long, bool> touch)
    {
        (next, reached, this.end, this.touch) = (first, first, end, touch);
        threads = [.. Enumerable.Range(0, ThreadCount).Select(i => new Thread(Work) { IsBackground = true, Name = $"read ahead {i}" })];
        foreach (var thread in threads) thread.Start();
    }

    /// <summary>Reports that decoding has reached <paramref name="position"/>.</summary>
    public void Reach(long position)
    {
        if (position % ReportEvery != 0) return;
        lock (gate)
        {
            reached = Math.Max(reached, position);
            Monitor.PulseAll(gate);
        }
    }

    /// <summary>Waits for the reads in progress.</summary>
    public void Dispose()
    {
        Stop();
        foreach (var thread in threads) thread.Join();
    }

    private void Work()
    {
        while (Claim() is { } position)
        {
            var began = Stopwatch.GetTimestamp();
            if (!touch(position))
            {
                Stop();
                return;
            }

            var took = Stopwatch.GetElapsedTime(began);
            lock (gate)
            {
                quick = took < Quick ? quick + 1 : 0;
                if (quick < QuickInARow) continue;
                (quick, next) = (0, next + Skipped);
            }
        }
    }

    private long? Claim()
    {
        lock (gate)
        {
            while (true)
            {
                next = Math.Max(next, reached); // what decoding has overtaken is no longer needed
                if (stopping || next >= end) return null;
                if (next < reached + Depth) return next++;
                Monitor.Wait(gate);
            }
        }
    }

    private void Stop()
    {
        lock (gate)
        {
            stopping = true;
            Monitor.PulseAll(gate);
        }
    }
}

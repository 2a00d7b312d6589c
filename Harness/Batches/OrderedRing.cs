using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace Ablation.Harness.Batches;

/// <summary>
/// Fills batches on several threads and hands them out strictly in order, never more than the given slots ahead.
/// The unit of work is one item of one batch, so a single slow item delays little.
/// </summary>
/// <remarks>One lock guards everything; a picture takes a thousand times longer than the lock.</remarks>
internal sealed class OrderedRing<TSlot> : IDisposable where TSlot : class
{
    private sealed class State(TSlot slot)
    {
        public TSlot Slot { get; } = slot;
        public int Unfilled;
        public long Ready = -1;
        public int FaultItem;
        public ExceptionDispatchInfo? Fault;
    }

    private readonly object gate = new();
    private readonly State[] ring;
    private readonly long end;
    private readonly Func<long, int> sizeOf;
    private readonly Action<TSlot, long, int> fill;
    private readonly Thread[] threads;
    private long claimed;
    private int claimedItems;
    private long taken;
    private long released;
    private bool stopping;

    /// <param name="slots">Buffers, at least one.</param>
    /// <param name="first">Number of the first batch.</param>
    /// <param name="end">One past the number of the last.</param>
    /// <param name="sizeOf">Items of a batch, at least 1.</param>
    /// <param name="fill">Writes item (slot, batch, item); called once per item, from any thread.</param>
    /// <param name="workers">Threads.</param>
    public OrderedRing(IEnumerable<TSlot> slots, long first, long end, Func<long, int> sizeOf, Action<TSlot, long, int> fill, int workers)
    {
        ring = [.. slots.Select(slot => new State(slot))];
        this.end = end;
        this.sizeOf = sizeOf;
        this.fill = fill;
        claimed = taken = released = first;
        threads = [.. Enumerable.Range(0, workers).Select(i => new Thread(Work) { IsBackground = true, Name = $"images {i}" })];
        foreach (var thread in threads) thread.Start();
    }

    /// <summary>How long the last <see cref="Next"/> waited for a batch that was not ready.</summary>
    public TimeSpan LastWait { get; private set; }

    /// <summary>Returns the next batch, or null after the last. Returns the previous one to the workers.</summary>
    /// <exception cref="OperationCanceledException">On <paramref name="cancel"/>, at once.</exception>
    public TSlot? Next(CancellationToken cancel)
    {
        using var wake = cancel.Register(Wake);
        LastWait = TimeSpan.Zero;
        lock (gate)
        {
            released = taken;
            Monitor.PulseAll(gate);
            if (taken >= end) return null;
            var state = ring[taken % ring.Length];
            if (state.Ready != taken)
            {
                var began = Stopwatch.GetTimestamp();
                while (state.Ready != taken && !cancel.IsCancellationRequested) Monitor.Wait(gate);
                LastWait = Stopwatch.GetElapsedTime(began);
            }

            cancel.ThrowIfCancellationRequested();
            state.Fault?.Throw();
            taken++;
            return state.Slot;
        }
    }

    /// <summary>Stops after the items in progress and waits for the threads.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            stopping = true;
            Monitor.PulseAll(gate);
        }

        foreach (var thread in threads) thread.Join();
    }

    private void Wake()
    {
        lock (gate) Monitor.PulseAll(gate);
    }

    private void Work()
    {
        while (Claim(out var batch, out var item))
        {
            var state = ring[batch % ring.Length];
            ExceptionDispatchInfo? fault = null;
            try
            {
                fill(state.Slot, batch, item);
            }
            catch (Exception e)
            {
                fault = ExceptionDispatchInfo.Capture(e); // thrown by Next for this batch
            }

            lock (gate)
            {
                if (fault is not null && (state.Fault is null || item < state.FaultItem)) (state.Fault, state.FaultItem) = (fault, item);
                if (--state.Unfilled > 0) continue;
                state.Ready = batch;
                Monitor.PulseAll(gate);
            }
        }
    }

    private bool Claim(out long batch, out int item)
    {
        lock (gate)
        {
            while (!stopping && claimed < end && claimed >= released + ring.Length) Monitor.Wait(gate);
            (batch, item) = (claimed, claimedItems);
            if (stopping || claimed >= end) return false;
            var size = sizeOf(batch);
            if (item == 0)
            {
                var state = ring[batch % ring.Length];
                (state.Unfilled, state.Fault) = (size, null);
            }

            if (++claimedItems < size) return true;
            claimedItems = 0;
            claimed++;
            return true;
        }
    }
}

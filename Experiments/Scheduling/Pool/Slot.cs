using Ablation.Experiments.Processes;
using Ablation.Experiments.Store;
using Ablation.Harness.Native;

namespace Ablation.Experiments.Scheduling.Pool;

/// <summary>A slot of a pool and the attempt that runs in it.</summary>
internal sealed class Slot(int number, PoolDevice device)
{
    private static readonly TimeSpan Asleep = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan KernelPace = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MemoryPace = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan ProgressPace = TimeSpan.FromSeconds(1);
    private DateTimeOffset memoryRead, progressRead;
    private long? memory;
    private TimeSpan? processor;

    public int Number => number;

    public PoolDevice Device => device;

    public QueuedTrial? Trial { get; private set; }

    public ITrialProcess? Process { get; private set; }

    public DateTimeOffset Started { get; private set; }

    /// <summary>Content of the trial's folder before this attempt.</summary>
    public EarlierAttempts Earlier { get; private set; } = EarlierAttempts.None;

    /// <summary>Number of pieces of a micro-batch in this attempt.</summary>
    public int Split { get; private set; }

    /// <summary>Why the pool has asked the process to stop or killed it; null if it has done neither.</summary>
    public TerminationRequest? Request { get; private set; }

    public TrialProgress? Progress { get; private set; }

    public long? PeakBytes => watchdog?.PeakBytes;

    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(10);
    private DateTimeOffset? damaged;
    private DateTimeOffset requested;
    private bool isKilled;
    private DateTimeOffset killed, lastCheck, kernelRead;
    private TimeSpan slept; // time that the machine or this process was suspended
    private (long? Before, long? Now) kernelKills; // counts some seconds ago and at the last check
    private Watchdog? watchdog;

    public bool IsFree => Process is null;

    public bool IsKernelOutOfMemory => ProcessTree.KernelOutOfMemoryKills() > kernelKills.Before;

    /// <summary>Whether the process survives the kill, because it hangs in a system call to a driver or a file server.</summary>
    public bool IsStuck(DateTimeOffset now, TimeSpan grace) => isKilled && now - killed > grace;

    /// <summary>Whether the slot starts no more trials.</summary>
    public bool IsRetired { get; private set; }

    /// <summary>Consecutive trials that were given up in this slot.</summary>
    public List<QueuedTrial> Failed { get; } = [];

    /// <summary>When the first of <see cref="Failed"/>, or else the last trial, began.</summary>
    public DateTimeOffset Began { get; private set; }

    /// <summary>When a trial was last finished in this slot; null for never.</summary>
    public DateTimeOffset? Succeeded { get; set; }

    public void Retire() => IsRetired = true;

    public void Begin(QueuedTrial trial, ITrialProcess process, int split, Watchdog watch, EarlierAttempts earlier, DateTimeOffset now)
    {
        if (Failed.Count == 0) Began = now;
        (Trial, Process, Split, Started, Earlier) = (trial, process, split, now, earlier);
        (watchdog, Request, Progress, isKilled, damaged) = (watch, null, null, false, null);
        (memoryRead, progressRead, memory, processor, kernelRead, lastCheck, slept) = (default, default, null, null, now, now,
            TimeSpan.Zero);
        kernelKills = (ProcessTree.KernelOutOfMemoryKills(), ProcessTree.KernelOutOfMemoryKills());
    }

    /// <param name="isGone">False for a process that does not end; its pipes then stay open.</param>
    public void Clear(bool isGone = true)
    {
        if (isGone) Process?.Dispose();
        (Trial, Process) = (null, null);
    }

    /// <summary>Checks memory and progress, and ends the process if the watchdog requires it.</summary>
    /// <returns>Whether there is new progress.</returns>
    /// <param name="requests">What people ask of single trials; null if nobody can.</param>
    public bool Watch(TrialFiles files, DateTimeOffset now, TimeSpan grace, TrialRequests? requests = null)
    {
        var isNews = false;
        if (now - lastCheck > Asleep) slept += now - lastCheck; // a trial does not train while its machine sleeps
        lastCheck = now;
        if (now - kernelRead > KernelPace) (kernelRead, kernelKills) = (now, (kernelKills.Now, ProcessTree.KernelOutOfMemoryKills()));
        if (now - memoryRead >= MemoryPace) (memoryRead, memory, processor) = (now, Process!.MemoryBytes(), Process.ProcessorTime());
        if (now - progressRead >= ProgressPace)
        {
            progressRead = now;
            if (files.ReadProgress() is { } read && !Earlier.Has(read) && read != Progress) (Progress, isNews) = (read, true);
            if (Request is null && requests?.IsLeft(Trial!.Id) == true)
                End(new TerminationRequest(EndReason.Cancelled, "left to the next run, as was asked", Softly: true), now);
        }

        if (watchdog!.Check(now - slept, Progress, memory, processor) is { } request && (Request is null || !request.Softly))
            End(request, now);
        // the C library reported a damaged heap: the runtime may wait forever for the heap's lock while it writes a dump
        if (!CrashDump.IsHeapDamage(Process!.LastLine)) damaged = null;
        else if (now - (damaged ??= now) > LastWords && Request is null)
            End(new TerminationRequest(EndReason.Crashed, $"the C library reported a damaged heap: {Process.LastLine}", Softly: false),
                now);
        if (Request is not null && now - requested > grace) Kill(now);
        return isNews;
    }

    /// <summary>Asks the process to stop, or kills it. An earlier request remains the reason unless this one is a kill.</summary>
    public void End(TerminationRequest request, DateTimeOffset now)
    {
        if (isKilled || (Request is not null && request.Softly)) return;
        (Request, requested) = (request, now);
        if (request.Softly) Process!.RequestStop();
        else Kill(now);
    }

    public void Kill(DateTimeOffset now)
    {
        if (isKilled) return;
        (isKilled, killed) = (true, now);
        Process!.Kill();
    }

    /// <summary>Returns the seconds that it still needs, from its steps or the estimate; null if unknown.</summary>
    /// <param name="estimate">Seconds of the whole trial.</param>
    public double? SecondsLeft(DateTimeOffset now, double? estimate) =>
        estimate is { } known
        ? Progress is { Steps: > 0 } progress
        ? known * (1 - ((double)progress.Step / progress.Steps)) : Math.Max(0, known - (now - Started).TotalSeconds)
        : Progress is { Phase: TrialPhase.Training, Step: > 0 } p && p.Advanced > p.Started
        ? (p.Advanced - p.Started).TotalSeconds / p.Step * (p.Steps - p.Step) : null;
}

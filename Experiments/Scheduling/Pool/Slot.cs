using Ablation.Experiments.Store;

namespace Ablation.Experiments.Scheduling.Pool;

/// <summary>A place of a pool, and the attempt that runs there.</summary>
internal sealed class Slot(int number, PoolDevice device)
{
    private static readonly TimeSpan MemoryPace = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan ProgressPace = TimeSpan.FromSeconds(1);
    private DateTimeOffset memoryLook, progressLook;
    private long? memory;
    private TimeSpan? processor;

    public int Number => number;

    public PoolDevice Device => device;

    public QueuedTrial? Trial { get; private set; }

    public ITrialProcess? Process { get; private set; }

    public DateTimeOffset Started { get; private set; }

    /// <summary>Pieces of a micro-batch in this attempt.</summary>
    public int Split { get; private set; }

    /// <summary>Why the pool ends it, or has asked it to; null while it does not.</summary>
    public Sentence? Sentence { get; private set; }

    public TrialProgress? Progress { get; private set; }

    public long? PeakBytes => watchdog?.PeakBytes;

    private DateTimeOffset sentenced;
    private bool isKilled;
    private long? kernelKills;
    private Watchdog? watchdog;

    public bool IsFree => Process is null;

    public bool IsKernelOutOfMemory => ProcessTree.KernelOutOfMemoryKills() > kernelKills;

    public void Begin(QueuedTrial trial, ITrialProcess process, int split, Watchdog watch, DateTimeOffset now)
    {
        (Trial, Process, Split, Started, watchdog, Sentence, Progress, isKilled) = (trial, process, split, now, watch, null, null, false);
        (memoryLook, progressLook, memory, processor, kernelKills) = (default, default, null, null, ProcessTree.KernelOutOfMemoryKills());
    }

    public void Clear()
    {
        Process?.Dispose();
        (Trial, Process) = (null, null);
    }

    /// <summary>Looks at memory and progress, and ends the process where the watchdog says so.</summary>
    /// <returns>Whether there is new progress.</returns>
    public bool Watch(TrialFiles files, DateTimeOffset now, TimeSpan grace)
    {
        var isNews = false;
        if (now - memoryLook >= MemoryPace) (memoryLook, memory, processor) = (now, Process!.MemoryBytes(), Process.ProcessorTime());
        if (now - progressLook >= ProgressPace)
        {
            progressLook = now;
            if (files.ReadProgress() is { } told && told.Updated >= Started && told != Progress) (Progress, isNews) = (told, true);
        }

        if (watchdog!.Look(now, Progress, memory, processor) is { } sentence && (Sentence is null || !sentence.Softly)) End(sentence, now);
        if (Sentence is not null && now - sentenced > grace) Kill();
        return isNews;
    }

    /// <summary>Asks the process to stop, or ends it. A request that is there already stays the reason, unless this one is by force.</summary>
    public void End(Sentence sentence, DateTimeOffset now)
    {
        if (isKilled || (Sentence is not null && sentence.Softly)) return;
        (Sentence, sentenced) = (sentence, now);
        if (sentence.Softly) Process!.RequestStop();
        else Kill();
    }

    public void Kill()
    {
        if (isKilled) return;
        isKilled = true;
        Process!.Kill();
    }

    /// <summary>Seconds that it still needs, by its steps or as estimated; null where nothing tells.</summary>
    /// <param name="estimate">Of the whole trial.</param>
    public double? SecondsLeft(DateTimeOffset now, double? estimate) => estimate is { } whole ? Math.Max(0, whole - (now - Started).TotalSeconds)
        : Progress is { Phase: TrialPhase.Training, Step: > 0 } p && p.Advanced > p.Started ? (p.Advanced - p.Started).TotalSeconds / p.Step * (p.Steps - p.Step) : null;
}

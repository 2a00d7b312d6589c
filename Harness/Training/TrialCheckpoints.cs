using Ablation.Harness.Provenance;
using Ablation.Harness.Training.Checkpoints;
using Ablation.Losses.Heads;
using static TorchSharp.torch;

namespace Ablation.Harness.Training;

/// <summary>The properties of a trial that a checkpoint must match to be resumed from.</summary>
/// <param name="Spec">Id of the trial's specification.</param>
/// <param name="Split">Pieces of a micro-batch.</param>
/// <param name="Threads">Threads of libtorch; another number is reported, not refused.</param>
/// <param name="Device">Kind of device: cpu, cuda, mps.</param>
/// <param name="Origin">Data and initial values; null to not compare them.</param>
public sealed record CheckpointOwner(string Spec, int Split, int Threads, string Device, TrialOrigin? Origin = null)
{
    /// <summary>Returns why a checkpoint cannot be resumed from; null if it can.</summary>
    internal string? Mismatch(CheckpointHeader header) => header switch
    {
        _ when header.Spec != Spec => $"belongs to another specification ({header.Spec}, this is {Spec})",
        _ when header.Split != Split => $"was made with micro-batches in {header.Split} pieces, now it is {Split}",
        _ when header.Device != Device => $"was made on {header.Device}, this is {Device}, which rounds differently",
        _ => Origin?.Mismatch(header.Origin),
    };

    /// <summary>Lists differences that may change rounding; none of them prevents resuming.</summary>
    internal IEnumerable<string> Differences(CheckpointHeader header)
    {
        if (header.Threads != Threads) yield return $"was made with {header.Threads} threads, now it is {Threads}";
        if (header.Processor != Machine.ProcessorName) yield return $"was made on a {header.Processor}, this is a {Machine.ProcessorName}";
        if (header.Commit != Machine.Program) yield return $"was made by commit {header.Commit}, this is {Machine.Program}";
    }
}

/// <summary>The checkpoints of a trial for its training loop: the one to resume from, and those to save.</summary>
public sealed class TrialCheckpoints
{
    private readonly CheckpointFolder folder;
    private readonly CheckpointOwner owner;
    private readonly ProvenanceMeter meter;
    private readonly int restarts;
    private readonly ITrialWatch? watch;
    private readonly string? begunAnew;

    /// <param name="start">The checkpoint to resume from; null to start from the beginning.</param>
    /// <param name="meter">Measures the trial's time, memory and energy at each checkpoint.</param>
    /// <param name="restarts">Number of attempts before this one.</param>
    /// <param name="begunAnew">See <see cref="TrialProvenance.BegunAnew"/>.</param>
    public TrialCheckpoints(CheckpointFolder folder, Checkpoint? start, CheckpointOwner owner, ProvenanceMeter meter, int restarts,
        ITrialWatch? watch, string? begunAnew = null)
    {
        (this.folder, Start, this.owner, this.meter, this.restarts, this.watch, this.begunAnew) = (folder, start, owner, meter, restarts,
            watch, begunAnew);
    }

    /// <summary>The checkpoint to resume from; null to start from the beginning.</summary>
    public Checkpoint? Start { get; }

    /// <summary>
    /// Finds the newest checkpoint that a trial can resume from; null if there is none. Reports those that it skips, and differences that
    /// may change rounding.
    /// </summary>
    /// <param name="begunAnew">Why an intact checkpoint of the same trial was refused: its data or initial values were different. Null if
    /// one is resumed, or there is none.</param>
    public static Checkpoint? Find(CheckpointFolder folder, CheckpointOwner owner, ITrialWatch? watch, out string? begunAnew)
    {
        void Report(string line) => watch?.Report(line);
        string? other = null;
        var start = folder.Newest(header =>
        {
            var misfit = owner.Mismatch(header);
            if (misfit is not null && header.Spec == owner.Spec && owner.Origin?.Mismatch(header.Origin) == misfit)
                other ??= $"not continued from step {header.Loop.Step}: {misfit}";
            return misfit;
        }, Report);
        begunAnew = start is null ? other : start.Header.BegunAnew;
        foreach (var difference in start is null ? [] : owner.Differences(start.Header))
            Report($"{start!.Path}: {difference}; the training resumes, and may round differently than an uninterrupted one");
        return start;
    }

    internal bool IsDue(long step) => folder.IsDue(step);

    /// <summary>Reports that the start does not fit the training, and starts from the beginning.</summary>
    internal void Refuse(string problem)
    {
        folder.PassOver(Start!.Path);
        watch?.Report($"{Start.Path}: {problem}; the training starts from the beginning");
    }

    internal void Save(LoopRecord loop, IReadOnlyList<int> badImages, HeadChoice? head, LoopState state)
    {
        using var scope = NewDisposeScope();
        var tensors = state.Tensors();
        var header = new CheckpointHeader(owner.Spec, Machine.Program, Machine.ProcessorName, owner.Split, owner.Threads, owner.Device,
            loop, badImages, head, state.AdamSteps,
            meter.Now(), restarts, CheckpointFile.Table(tensors), owner.Origin, begunAnew);
        if (folder.Save(header, tensors, line => watch?.Report(line))) watch?.Saved(loop.Step);
    }
}

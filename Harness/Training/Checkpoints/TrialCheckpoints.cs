using TorchSharp;
using static TorchSharp.torch;

namespace Ablation.Harness.Training.Checkpoints;

/// <summary>The checkpoints of a trial as its training sees them: where it goes on, when to save, and what to save.</summary>
public sealed class TrialCheckpoints
{
    private readonly CheckpointFolder folder;
    private readonly string spec, device;
    private readonly int split;
    private readonly ITrialWatch? watch;

    /// <summary>Looks for a checkpoint of this trial.</summary>
    /// <param name="spec">Id of the specification.</param>
    /// <param name="threads">Of libtorch, where there is no checkpoint that says otherwise.</param>
    public TrialCheckpoints(CheckpointFolder folder, string spec, int split, int threads, Device device, ITrialWatch? watch)
    {
        (this.folder, this.spec, this.split, this.watch) = (folder, spec, split, watch);
        this.device = device.type.ToString().ToLowerInvariant();
        Start = folder.Newest(Misfit, Say);
        Threads = Start?.Header.Threads ?? threads;
        if (Threads != threads)
            Say(FormattableString.Invariant($"{Start!.Path}: goes on with {Threads} threads as it was begun, not {threads}: another number may round otherwise"));
    }

    /// <summary>Where the training goes on; null from the beginning.</summary>
    public Checkpoint? Start { get; }

    /// <summary>What the training computes with.</summary>
    public int Threads { get; }

    internal bool IsDue(long step) => folder.IsDue(step);

    internal void Say(string line) => watch?.Say(line);

    internal void Save(LoopRecord loop, IReadOnlyList<int> badImages, Losses.HeadChoice? head, IReadOnlyList<long> adamSteps, IReadOnlyList<NamedTensor> tensors)
    {
        var header = new CheckpointHeader(spec, split, Threads, device, loop, badImages, head, adamSteps, CheckpointFile.Table(tensors));
        if (folder.Save(header, tensors, Say)) watch?.Saved(loop.Step);
    }

    private string? Misfit(CheckpointHeader header) => header switch
    {
        _ when header.Spec != spec => $"belongs to another specification ({header.Spec}, this is {spec})",
        _ when header.Split != split => FormattableString.Invariant($"was made with micro-batches in {header.Split} pieces, now it is {split}"),
        _ when header.Device != device => $"was made on {header.Device}, this is {device}, which rounds otherwise",
        _ => null,
    };
}

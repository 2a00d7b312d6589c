using Ablation.Harness.Networks;
using Ablation.Harness.Training.Checkpoints;
using Ablation.Losses;
using static TorchSharp.torch;

namespace Ablation.Harness.Training;

/// <summary>All tensors that a training changes; a checkpoint stores them and the counters.</summary>
internal sealed class LoopState(Backbone backbone, FaceLoss loss, ParameterUpdate update, LossWindow window)
{
    private const string ProxyVelocity = "velocity.proxies";
    private readonly AdamState? moments = update.Adam is null ? null : new AdamState(update.Adam);

    /// <summary>Steps of AdamW, one per parameter; empty with SGD.</summary>
    public IReadOnlyList<long> AdamSteps => moments?.Steps ?? [];

    /// <summary>Returns the live tensors, not copies.</summary>
    public IReadOnlyList<NamedTensor> Tensors() =>
    [
        .. Checkpoint.List(backbone, "backbone"), .. Checkpoint.List(loss, "loss"), .. update.Sgd?.State ?? [],
        .. update.Proxies?.Velocity is { } velocity ? (NamedTensor[])[new NamedTensor(ProxyVelocity, velocity)] : [],
        .. moments?.State ?? [], .. window.State,
    ];

    /// <summary>Fills all of them from a checkpoint.</summary>
    /// <returns>Why the checkpoint does not fit, in which case nothing is changed; null if it does.</returns>
    public string? Fill(Checkpoint checkpoint)
    {
        using var scope = NewDisposeScope();
        var names = checkpoint.Header.Tensors.Select(tensor => tensor.Name).ToHashSet();
        update.Sgd?.Allocate(names);
        if (names.Contains(ProxyVelocity)) update.Proxies?.Allocate();
        var tensors = Tensors();
        if (checkpoint.Mismatch(tensors) is { } misfit) return misfit;
        if (checkpoint.Header.AdamSteps.Count != AdamSteps.Count) return "it is of another optimiser";
        checkpoint.CopyTo(tensors);
        if (moments is not null) moments.Steps = checkpoint.Header.AdamSteps;
        return null;
    }
}

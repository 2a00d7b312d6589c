using Ablation.Losses;
using Ablation.Losses.Heads;
using static TorchSharp.torch;

namespace Ablation.Tests.Losses;

/// <summary>A loss that no list names: this file enrols it in suites, in <c>list</c> and in the conformance tests.</summary>
[System.ComponentModel.Description("a loss of the tests: squared distance to the own proxy's direction")]
public sealed record DroppedInOptions : LossOptions
{
    [System.ComponentModel.Description("random numbers that building it draws from the shared stream, to no purpose")]
    [System.ComponentModel.DataAnnotations.Range(0, 1000)]
    public int Draws { get; init; }

    protected override FaceLoss Create(LossShape shape) => new DroppedInLoss(this, shape);
}

internal sealed class DroppedInLoss : FaceLoss
{
    public DroppedInLoss(DroppedInOptions options, LossShape shape) : base(options, shape)
    {
        randn(options.Draws).Dispose();
        RegisterComponents();
    }

    protected override Tensor Compute(Tensor embeddings, Tensor labels)
    {
        using var scope = NewDisposeScope();
        return (1 - Cosines(embeddings).gather(1, labels.unsqueeze(1))).mean().MoveToOuterDisposeScope();
    }
}

using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Ablation.Losses.Heads;

namespace Ablation.Losses;

/// <summary>Softmax over scaled cosines without a margin (Wang et al., NormFace, ACM MM 2017).</summary>
[Category("cross-entropy")]
[Description("softmax over scaled cosines, no margin")]
public sealed record NormalisedSoftmaxOptions : LossOptions
{
    [Description("scale s of the cosines; a few identities need less (docs/losses.md)")]
    [Range(0.0, 1000.0, MinimumIsExclusive = true)]
    public double Scale { get; init; } = 64;

    protected override FaceLoss Create(LossShape shape) => new NormalisedSoftmaxLoss(this, shape);
}

internal sealed class NormalisedSoftmaxLoss : SoftmaxFamilyLoss
{
    private readonly double scale;

    public NormalisedSoftmaxLoss(NormalisedSoftmaxOptions options, LossShape shape) : base(options, shape)
    {
        scale = options.Scale;
        RegisterComponents();
    }

    protected internal override SoftmaxForm Form => new() { Scale = scale };
}

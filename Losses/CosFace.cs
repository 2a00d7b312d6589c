using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Ablation.Losses.Heads;

namespace Ablation.Losses;

/// <summary>Additive cosine margin: target logit <c>s (c_y - m)</c> (Wang et al., CosFace, CVPR 2018, Eq. 4; AM-Softmax).</summary>
[Category("cross-entropy")]
[Description("additive cosine margin: target logit s (c_y - m)")]
public sealed record CosFaceOptions : LossOptions
{
    [Description("scale s of the cosines")]
    [Range(0.0, 1000.0, MinimumIsExclusive = true)]
    public double Scale { get; init; } = 64;

    [Description("cosine margin m")]
    [Range(0.0, 2.0)]
    public double CosineMargin { get; init; } = 0.35;

    protected override FaceLoss Create(LossShape shape) => new CosFaceLoss(this, shape);
}

internal sealed class CosFaceLoss : SoftmaxFamilyLoss
{
    private readonly CosFaceOptions options;

    public CosFaceLoss(CosFaceOptions options, LossShape shape) : base(options, shape)
    {
        this.options = options;
        RegisterComponents();
    }

    protected internal override SoftmaxForm Form => new() { Scale = options.Scale, Target = cosine => cosine - options.CosineMargin };
}

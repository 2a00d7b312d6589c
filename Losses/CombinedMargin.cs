using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Ablation.Losses.Heads;
using static TorchSharp.torch;

namespace Ablation.Losses;

/// <summary>
/// Target logit <c>s (cos(m1 theta_y + m2) - m3)</c> (Deng et al., ArcFace, CVPR 2019, Eq. 4). The moved angle is held at
/// pi, so that the logit never rises with theta.
/// </summary>
[Category("cross-entropy")]
[Description("three margins in one: target logit s (cos(m1 theta_y + m2) - m3)")]
public sealed record CombinedMarginOptions : LossOptions
{
    [Description("scale s of the cosines")]
    [Range(0.0, 1000.0, MinimumIsExclusive = true)]
    public double Scale { get; init; } = 64;

    [Description("m1, factor of the angle")]
    [Range(1.0, 10.0)]
    public double AngleFactor { get; init; } = 1;

    [Description("m2, angular margin in radians")]
    [Range(0.0, Math.PI)]
    public double MarginRadians { get; init; } = 0.3;

    [Description("m3, cosine margin")]
    [Range(0.0, 2.0)]
    public double CosineMargin { get; init; } = 0.2;

    protected override FaceLoss Create(LossShape shape) => new CombinedMarginLoss(this, shape);
}

internal sealed class CombinedMarginLoss : SoftmaxFamilyLoss
{
    private readonly CombinedMarginOptions options;

    public CombinedMarginLoss(CombinedMarginOptions options, LossShape shape) : base(options, shape)
    {
        this.options = options;
        RegisterComponents();
    }

    protected internal override SoftmaxForm Form => new() { Scale = options.Scale, Target = Target };

    /// <summary>cos(min(factor theta + margin, pi)), elementwise.</summary>
    internal static Tensor Moved(Tensor cosine, double factor, double margin) =>
        (Angles.Angle(cosine) * factor + margin).clamp_max(Math.PI).cos();

    /// <summary>Replaces the target's cosine, elementwise.</summary>
    private Tensor Target(Tensor cosine) => Moved(cosine, options.AngleFactor, options.MarginRadians) - options.CosineMargin;
}

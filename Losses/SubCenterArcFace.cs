using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Ablation.Losses.Heads;
using static TorchSharp.torch;

namespace Ablation.Losses;

/// <summary>
/// Sub-center ArcFace: K proxies per identity, <c>c_j = max over k of cos(x, w_jk)</c>, then a margin on the own angle (Deng et al.,
/// Sub-center ArcFace, ECCV 2020, Eqs. 3 and 4). Only the nearest proxy of an identity has a gradient; of equal ones the first. Made for
/// noisy labels: the proxies beside the dominant one take the wrong images (<c>ablation data noise</c>).
/// </summary>
[Category("cross-entropy")]
[Description("K proxies per identity of which the nearest counts, with a margin on the own angle")]
public sealed record SubCenterArcFaceOptions : LossOptions
{
    [Description("scale s of the cosines")]
    [Range(0.0, 1000.0, MinimumIsExclusive = true)]
    public double Scale { get; init; } = 64;

    [Description("K, proxies per identity")]
    [Range(1, 64)]
    public int Centers { get; init; } = 3;

    [Description("m1, factor of the own angle")]
    [Range(1.0, 10.0)]
    public double AngleFactor { get; init; } = 1;

    [Description("m2, angular margin in radians")]
    [Range(0.0, Math.PI)]
    public double MarginRadians { get; init; } = 0.5;

    [Description("m3, cosine margin")]
    [Range(0.0, 2.0)]
    public double CosineMargin { get; init; }

    public override HeadRows RowsPerIdentity() => new(Centers, Constant: 0);

    protected override FaceLoss Create(LossShape shape) => new SubCenterArcFaceLoss(this, shape);
}

internal sealed class SubCenterArcFaceLoss : SoftmaxFamilyLoss
{
    private readonly SubCenterArcFaceOptions options;

    public SubCenterArcFaceLoss(SubCenterArcFaceOptions options, LossShape shape) : base(options, shape, options.Centers)
    {
        this.options = options;
        RegisterComponents();
    }

    protected internal override SoftmaxForm Form => new() { Scale = options.Scale, Centers = options.Centers, Target = Target };

    /// <summary>Replaces the target's cosine, elementwise; without acos where the angle has no factor.</summary>
    private Tensor Target(Tensor cosine)
    {
        if (options.AngleFactor != 1)
            return CombinedMarginLoss.Moved(cosine, options.AngleFactor, options.MarginRadians) - options.CosineMargin;
        var (cosM, sinM) = (Math.Cos(options.MarginRadians), Math.Sin(options.MarginRadians));
        var moved = cosine * cosM - Angles.Sine(cosine) * sinM;
        return where(cosine > -cosM, moved, full_like(moved, -1)) - options.CosineMargin; // held at pi
    }
}

using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Ablation.Losses.Heads;
using static TorchSharp.torch;

namespace Ablation.Losses;

/// <summary>The margin of MV-Softmax's target.</summary>
public enum MvMargin
{
    /// <summary>c_y - m.</summary>
    Am,

    /// <summary>cos(theta_y + m).</summary>
    Arc,
}

/// <summary>
/// MV-Softmax: a margin for the target, and others that come nearer than the target with its margin get the logit
/// <c>s ((1 + t) c_j + t)</c> (Wang et al., Mis-classified Vector Guided Softmax Loss, AAAI 2020).
/// </summary>
[Category("cross-entropy")]
[Description("additive margin whose hard negatives weigh more, by a constant")]
public sealed record MvSoftmaxOptions : LossOptions
{
    [Description("scale s of the cosines")]
    [Range(0.0, 1000.0, MinimumIsExclusive = true)]
    public double Scale { get; init; } = 32;

    [Description("margin of the target: am (on the cosine) or arc (on the angle)")]
    public MvMargin Margin { get; init; } = MvMargin.Am;

    [Description("margin m: a cosine for am, radians for arc")]
    [Range(0.0, 2.0)]
    public double MarginSize { get; init; } = 0.35;

    [Description("t: a hard negative's logit is s ((1 + t) c + t)")]
    [Range(0.0, 10.0)]
    public double HardWeight { get; init; } = 0.2;

    [Description("margin only where the own cosine is above 0; which negatives are hard does not depend on it")]
    public bool EasyMargin { get; init; } = true;

    protected override FaceLoss Create(LossShape shape) => new MvSoftmaxLoss(this, shape);
}

internal sealed class MvSoftmaxLoss : SoftmaxFamilyLoss
{
    private readonly MvSoftmaxOptions options;

    public MvSoftmaxLoss(MvSoftmaxOptions options, LossShape shape) : base(options, shape)
    {
        this.options = options;
        RegisterComponents();
    }

    // s ((1 + t) c + t) = s (1 + t) (c + 1) - s: it meets s c at -1
    protected internal override SoftmaxForm Form => new()
    {
        Scale = options.Scale,
        Target = own => options.EasyMargin ? where(own > 0, Moved(own), own) : Moved(own),
        Others = new PiecewiseLogits(Easy: options.Scale, Square: 0, Line: options.Scale * (1 + options.HardWeight), Root: -1, Moved),
    };

    private Tensor Moved(Tensor own) =>
        options.Margin == MvMargin.Am ? own - options.MarginSize : Angles.Moved(own, options.MarginSize);
}

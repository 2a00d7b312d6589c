using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Ablation.Losses.Heads;

namespace Ablation.Losses;

/// <summary>
/// Circle loss with class weights: every cosine has a weight of its own, its distance from where it should be. The target's logit is
/// <c>g [1 + m - c_y]+ (c_y - (1 - m))</c>, the others' <c>g [c_j + m]+ (c_j - m)</c>; the bracket takes no gradient (Sun et al., CVPR
/// 2020, in the form for class labels).
/// </summary>
[Category("cross-entropy")]
[Description("circle loss in its classification form: each cosine is weighed by its distance from its optimum")]
public sealed record CircleOptions : LossOptions
{
    [Description("scale g of the logits")]
    [Range(0.0, 4096.0, MinimumIsExclusive = true)]
    public double Scale { get; init; } = 256;

    [Description("relaxation m: cosines shall be above 1 - m with the own identity and below m with others")]
    [Range(0.0, 1.0)]
    public double Margin { get; init; } = 0.25;

    protected override FaceLoss Create(LossShape shape) => new CircleLoss(this, shape);
}

internal sealed class CircleLoss : SoftmaxFamilyLoss
{
    private readonly CircleOptions options;

    public CircleLoss(CircleOptions options, LossShape shape) : base(options, shape)
    {
        this.options = options;
        RegisterComponents();
    }

    protected internal override SoftmaxForm Form => new()
    {
        Scale = options.Scale,
        Target = own => (1 + options.Margin - own).clamp_min(0).detach() * (own - (1 - options.Margin)),
        Others = new PiecewiseLogits(Easy: 0, Square: options.Scale, Line: options.Scale * options.Margin, Root: options.Margin,
            Threshold: null)
        { IsDetached = true },
    };
}

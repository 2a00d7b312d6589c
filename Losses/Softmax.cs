using System.ComponentModel;
using Ablation.Losses.Heads;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ablation.Losses;

/// <summary>Plain softmax cross-entropy: logits <c>x.w_j + b_j</c>, bias zero at the start.</summary>
[Category("cross-entropy")]
[Description("plain softmax cross-entropy with a bias")]
public sealed record SoftmaxOptions : LossOptions
{
    protected override FaceLoss Create(LossShape shape) => new SoftmaxLoss(this, shape);
}

internal sealed class SoftmaxLoss : SoftmaxFamilyLoss
{
    private readonly Parameter bias; // C

    public SoftmaxLoss(SoftmaxOptions options, LossShape shape) : base(options, shape)
    {
        bias = new Parameter(zeros(shape.Classes));
        RegisterComponents();
    }

    protected internal override SoftmaxForm Form => new() { Normalised = false, Bias = bias };
}

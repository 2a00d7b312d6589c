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

internal sealed class SoftmaxLoss : FaceLoss
{
    private readonly Parameter bias; // C

    public SoftmaxLoss(SoftmaxOptions options, LossShape shape) : base(options, shape)
    {
        bias = new Parameter(zeros(shape.Classes));
        RegisterComponents();
    }

    protected internal override HeadForm Form =>
        new SoftmaxForm((others, own, _) => others.AboveTarget(own)) { Normalised = false, Bias = bias };

    protected override Tensor Compute(Tensor embeddings, Tensor labels)
    {
        using var scope = NewDisposeScope();
        return nn.functional.cross_entropy(Plain(embeddings), labels).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override HeadLogits Logits(Tensor embeddings, Tensor cosines, Tensor labels) =>
        new(Plain(embeddings), ones_like(cosines.select(1, 0)), Shape.Classes);

    /// <summary>x.w + b, B x C.</summary>
    private Tensor Plain(Tensor embeddings) => nn.functional.linear(embeddings, proxies.to(embeddings.dtype), bias.to(embeddings.dtype));
}

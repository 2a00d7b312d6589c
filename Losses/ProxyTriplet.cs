using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Ablation.Losses.Heads;
using static TorchSharp.torch;

namespace Ablation.Losses;

/// <summary>The proxy triplet loss: a hinge against every other identity's proxy. It is NPT with k = C-1 (arXiv 2103.03503).</summary>
[Category("hinge")]
[Description("hinge on the proxies of all other identities (NPT with k = C-1)")]
public sealed record ProxyTripletOptions : LossOptions
{
    [Description("margin on cosines, Delta / (2 r^2)")]
    [Range(0.0, 4.0)]
    public double CosineMargin { get; init; } = 0.5;

    [Description("radius r of the sphere; scales the loss by r^2")]
    [Range(0.0, 1000.0, MinimumIsExclusive = true)]
    public double Radius { get; init; } = 1;

    protected override FaceLoss Create(LossShape shape) => new ProxyTripletLoss(this, shape);
}

internal sealed class ProxyTripletLoss : FaceLoss
{
    private readonly ProxyTripletOptions options;

    public ProxyTripletLoss(ProxyTripletOptions options, LossShape shape) : base(options, shape)
    {
        this.options = options;
        RegisterComponents();
    }

    protected internal override HeadForm Form =>
        new HingeForm(NegativeCount.All, options.CosineMargin, 2 * options.Radius * options.Radius);

    protected override Tensor Compute(Tensor embeddings, Tensor labels)
    {
        using var scope = NewDisposeScope();
        var cosines = Cosines(embeddings);                                    // B x C
        var column = labels.unsqueeze(1);                                     // B x 1
        var hinges = (cosines - cosines.gather(1, column) + options.CosineMargin).relu();
        var others = hinges.scatter(1, column, zeros_like(column, hinges.dtype)); // the target is not a negative
        return others.sum(1).mean().mul(2 * options.Radius * options.Radius).MoveToOuterDisposeScope();
    }
}

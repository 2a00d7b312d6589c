using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Ablation.Losses.Heads;
using static TorchSharp.torch;

namespace Ablation.Losses;

/// <summary>
/// Proxy-NCA (Movshovitz-Attias et al., ICCV 2017, Eq. 6): <c>d(x,w_y) + log sum over j != y of exp(-d(x,w_j))</c>, with
/// d(a,b) = 2 r^2 (1 - cos). The sum leaves the target out, so the loss may be negative.
/// </summary>
[Category("log-sum of distances")]
[Description("neighbourhood components over the proxies of other identities")]
public sealed record ProxyNcaOptions : LossOptions
{
    [Description("radius r of the sphere; distances grow by r^2 (published code uses 3)")]
    [Range(0.0, 1000.0, MinimumIsExclusive = true)]
    public double Radius { get; init; } = 3;

    protected override FaceLoss Create(LossShape shape) => new ProxyNcaLoss(this, shape);
}

internal sealed class ProxyNcaLoss : FaceLoss
{
    private readonly double doubleSquaredRadius;

    public ProxyNcaLoss(ProxyNcaOptions options, LossShape shape) : base(options, shape)
    {
        doubleSquaredRadius = 2 * options.Radius * options.Radius;
        RegisterComponents();
    }

    protected internal override HeadForm Form =>
        new SoftmaxForm((others, own, _) => others - own * doubleSquaredRadius) { Scale = doubleSquaredRadius };

    /// <inheritdoc/>
    public override HeadLogits Logits(Tensor embeddings, Tensor cosines, Tensor labels)
    {
        var column = labels.unsqueeze(1);
        var others = (cosines * doubleSquaredRadius).scatter(1, column, full_like(column, double.NegativeInfinity, cosines.dtype));
        return new HeadLogits(others, full_like(cosines.select(1, 0), doubleSquaredRadius), Shape.Classes - 1);
    }

    protected override Tensor Compute(Tensor embeddings, Tensor labels)
    {
        using var scope = NewDisposeScope();
        var distances = (1 - Cosines(embeddings)) * doubleSquaredRadius;      // B x C
        var column = labels.unsqueeze(1);                                     // B x 1
        var own = distances.gather(1, column).squeeze(1);                     // B
        var others = (-distances).scatter(1, column, full_like(column, double.NegativeInfinity, distances.dtype));
        return (own + others.logsumexp(1)).mean().MoveToOuterDisposeScope();
    }
}

using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Ablation.Losses.Heads;

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

internal sealed class ProxyNcaLoss : SoftmaxFamilyLoss
{
    private readonly double doubleSquaredRadius;

    public ProxyNcaLoss(ProxyNcaOptions options, LossShape shape) : base(options, shape)
    {
        doubleSquaredRadius = 2 * options.Radius * options.Radius;
        RegisterComponents();
    }

    /// <summary>Logits are negative distances: <c>-d(x,w_j) = 2 r^2 (c_j - 1)</c>.</summary>
    protected internal override SoftmaxForm Form => new() { Scale = doubleSquaredRadius, ZeroCosine = 1, SumsOwn = false };
}

using System.ComponentModel;
using Ablation.Losses.Heads;

namespace Ablation.Losses;

/// <summary>
/// P2SGrad: <c>(1 - c_y)^2 + sum over j != y of c_j^2</c>, whose gradient by the cosines is that of the paper times 2, <c>c_j - [j = y]</c>
/// (Zhang et al., P2SGrad, CVPR 2019, Eq. 12). No option at all: what it reaches is reached without tuning.
/// </summary>
[Category("squared error")]
[Description("squared error of the cosines against 1 and 0; no hyper-parameters")]
public sealed record P2SGradOptions : LossOptions
{
    protected override FaceLoss Create(LossShape shape) => new P2SGradLoss(this, shape);
}

internal sealed class P2SGradLoss : PairwiseLoss
{
    public P2SGradLoss(P2SGradOptions options, LossShape shape) : base(options, shape) => RegisterComponents();

    protected internal override SumForm Form => new() { Term = new SquareTerm(), Own = own => (own - 1).square() };
}

using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Ablation.Losses.Heads;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ablation.Losses;

/// <summary>
/// UniFace, the unified cross-entropy: <c>softplus(b - s (c_y - m)) + l * sum over j != y of softplus(s c_j - b)</c> with one trained
/// threshold b for all identities, at first <c>ln(10 C)</c> (Zhou et al., ICCV 2023). The published code bounds the arguments by s before
/// its exponential and so gives a sample with a small own cosine no gradient; softplus needs no bound.
/// </summary>
[Category("pairwise logistic")]
[Description("one logistic decision per identity, with one trained threshold for all (unified cross-entropy)")]
public sealed record UniFaceOptions : LossOptions
{
    [Description("scale s of the cosines")]
    [Range(0.0, 1000.0, MinimumIsExclusive = true)]
    public double Scale { get; init; } = 64;

    [Description("cosine margin m of the own identity")]
    [Range(0.0, 2.0)]
    public double CosineMargin { get; init; } = 0.4;

    [Description("weight l of the other identities' sum")]
    [Range(0.0, 1000.0)]
    public double NegativeWeight { get; init; } = 1;

    protected override FaceLoss Create(LossShape shape) => new UniFaceLoss(this, shape);
}

internal sealed class UniFaceLoss : PairwiseLoss
{
    private readonly UniFaceOptions options;
    private readonly Parameter bias; // -b, trained, 1

    public UniFaceLoss(UniFaceOptions options, LossShape shape) : base(options, shape)
    {
        this.options = options;
        bias = new Parameter(full(1, -Math.Log(10.0 * shape.Classes)));
        RegisterComponents();
    }

    public override IReadOnlyDictionary<string, Tensor> Followed => new Dictionary<string, Tensor> { ["bias"] = bias };

    protected internal override SumForm Form => new()
    {
        Term = new SoftplusTerm(options.Scale, 0),
        Own = own => SoftplusTerm.Softplus((own - options.CosineMargin) * -options.Scale - bias.to(own.dtype)),
        Weight = options.NegativeWeight,
        Shift = bias,
    };
}

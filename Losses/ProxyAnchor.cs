using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Ablation.Losses.Heads;
using static TorchSharp.torch;

namespace Ablation.Losses;

/// <summary>
/// Proxy-Anchor (Kim et al., CVPR 2020, Eq. 4): every proxy is compared with the samples of the batch, and its hardest ones weigh most. See
/// <see cref="AnchorForm"/> for the formula. It is a mean over proxies, not over samples: micro-batches of a step are not the whole batch.
/// </summary>
[Category("proxy anchor")]
[Description("each proxy against the samples of the batch, hard ones weighted by a log-sum-exp")]
public sealed record ProxyAnchorOptions : LossOptions
{
    [Description("scale alpha of the cosines")]
    [Range(0.0, 1000.0, MinimumIsExclusive = true)]
    public double Scale { get; init; } = 32;

    [Description("margin delta on cosines")]
    [Range(0.0, 2.0)]
    public double CosineMargin { get; init; } = 0.1;

    protected override FaceLoss Create(LossShape shape) => new ProxyAnchorLoss(this, shape);
}

internal sealed class ProxyAnchorLoss : FaceLoss
{
    private readonly AnchorForm form;

    public ProxyAnchorLoss(ProxyAnchorOptions options, LossShape shape) : base(options, shape)
    {
        form = new AnchorForm(options.Scale, options.CosineMargin);
        RegisterComponents();
    }

    public override bool AveragesSamples => false;

    protected internal override HeadForm Form => form;

    protected override Tensor Compute(Tensor embeddings, Tensor labels)
    {
        using var scope = NewDisposeScope();
        var cosines = Cosines(embeddings);           // B x C
        var column = labels.unsqueeze(1);            // B x 1
        var exponents = form.Exponents(cosines).scatter(1, column, full_like(column, double.NegativeInfinity, cosines.dtype));
        var negatives = SoftplusTerm.Softplus(exponents.logsumexp(0)).mean();
        return (form.Positives(cosines.gather(1, column).squeeze(1), labels) + negatives).MoveToOuterDisposeScope();
    }
}

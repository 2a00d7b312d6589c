using static TorchSharp.torch;

namespace Ablation.Losses.Heads;

/// <summary>
/// Proxy-Anchor: each proxy is an anchor, and the batch is what it is compared with. With a the scale and d the margin, the loss is
/// <c>mean over the proxies P+ that have samples of log(1 + sum over their samples of e^(-a (c - d)))</c> and
/// <c>mean over all proxies of log(1 + sum over the samples of other identities of e^(a (c + d)))</c>, added.
/// </summary>
/// <param name="Scale">a.</param>
/// <param name="Margin">d, on cosines.</param>
public sealed record AnchorForm(double Scale, double Margin) : HeadForm
{
    /// <summary>The first mean, from the cosines with the own proxies, B, and a graph to them.</summary>
    /// <param name="labels">B.</param>
    internal Tensor Positives(Tensor own, Tensor labels)
    {
        var together = labels.unsqueeze(1).eq(labels.unsqueeze(0));                      // B x B: of the same proxy
        var exponents = ((own - Margin) * -Scale).unsqueeze(0).expand(own.shape[0], -1); // a row for each sample's proxy
        var sums = where(together, exponents, full_like(exponents, double.NegativeInfinity)).logsumexp(1);
        var share = together.sum(1).to(own.dtype).reciprocal();                          // a proxy counts once, not once a sample
        return (SoftplusTerm.Softplus(sums) * share).sum() / share.sum();
    }

    /// <summary>a (c + d), from cosines.</summary>
    internal Tensor Exponents(Tensor cosines) => (cosines + Margin) * Scale;

    /// <summary>The same from products and 1 / norm of their proxies, 1 x T, in one pass.</summary>
    internal Tensor Exponents(Tensor products, Tensor inverse) => full_like(inverse, Margin * Scale).addcmul(products, inverse, Scale);
}

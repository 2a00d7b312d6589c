using Ablation.Losses.Heads;
using static TorchSharp.torch;

namespace Ablation.Losses.Kernels;

/// <summary>
/// Computes the part of a loss that involves all proxies, reduced to one number per sample. What the loss makes of that number and of the
/// cosine with the own proxy is left to autograd over B values.
/// </summary>
internal interface IDenseKernel
{
    /// <summary>
    /// Returns one value per sample over all other identities, B, and the product with the own proxy, B (a cosine, or x.w + b). In the
    /// precision of the rows or a higher one.
    /// </summary>
    (Tensor Others, Tensor Own) Forward();

    /// <summary>Mean of the hard cosines with other proxies, B, after the forward pass; null where nothing asks for it.</summary>
    Tensor? HardMean => null;

    /// <summary>Returns the gradient of the rows, B x D; that of the proxies goes to <paramref name="target"/>.</summary>
    /// <param name="others">dL/dothers, B.</param>
    /// <param name="own">dL/down, B.</param>
    Tensor Backward(Tensor others, Tensor own, GradientTarget target);
}

/// <summary>The reduction of the softmax family: log of the sum of exp(logit) over the other identities.</summary>
/// <param name="Scale">Factor of the products, where it is the same for every sample.</param>
/// <param name="RowScales">One factor per sample, B; null to use <paramref name="Scale"/>.</param>
/// <param name="Bias">Added to the logits, C; null where there is none.</param>
/// <param name="Map">The other identities' logits, in place of scaled products; null for those.</param>
internal sealed record LogSumExp(double Scale, Tensor? RowScales, Tensor? Bias, OtherLogits? Map)
{
    /// <summary>Multiplies each sample's values, B or B x any, by its factor; a new tensor.</summary>
    public Tensor Scaled(Tensor values) =>
        RowScales is null ? values * Scale : values * (values.dim() == 1 ? RowScales : RowScales.unsqueeze(1));
}

/// <summary>The reduction of the proxy triplet loss: the sum of max(0, cosine - own + margin) over the other identities.</summary>
internal sealed record HingeSum(double Margin);

/// <summary>The reduction of the pairwise family: the sum of a term over the other identities.</summary>
/// <param name="Shift">Added to the term's argument, 1; null where there is none.</param>
internal sealed record TermSum(SumTerm Term, Tensor? Shift);

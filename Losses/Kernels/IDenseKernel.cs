using static TorchSharp.torch;

namespace Ablation.Losses.Kernels;

/// <summary>
/// The part of a loss that meets all proxies, reduced to one number a sample. What a loss makes of that number and of the cosine
/// with its own proxy is B values and no business of the kernel.
/// </summary>
internal interface IDenseKernel
{
    /// <summary>
    /// One value a sample over all other identities, B; and the product with the own proxy, B (a cosine, or x.w + b). In the precision
    /// of the rows or a higher one.
    /// </summary>
    (Tensor Others, Tensor Own) Forward();

    /// <summary>The gradient of the rows, B x D; that of the proxies goes to <paramref name="target"/>.</summary>
    /// <param name="others">dL/dothers, B.</param>
    /// <param name="own">dL/down, B.</param>
    Tensor Backward(Tensor others, Tensor own, GradientTarget target);
}

/// <summary>The reduction of the softmax family: log of the sum of exp(logit) over the other identities.</summary>
/// <param name="Scale">Factor of the products, where it is the same for every sample.</param>
/// <param name="RowScales">Factor a sample, B; null where <paramref name="Scale"/> serves.</param>
/// <param name="Bias">Added to the logits, C; null where there is none.</param>
/// <param name="Map">What stands in for the other identities' cosines (B x T) beside the own one (B x 1); null for the cosines
/// themselves.</param>
internal sealed record LogSumExp(double Scale, Tensor? RowScales, Tensor? Bias, Func<Tensor, Tensor, Tensor>? Map);

/// <summary>The reduction of the proxy triplet loss: the sum of max(0, cosine - own + margin) over the other identities.</summary>
internal sealed record HingeSum(double Margin);

using static TorchSharp.torch;

namespace Ablation.Losses.Kernels;

/// <summary>Computes what Proxy-Anchor takes from all proxies: a mean over the proxies, whose sums are over the samples.</summary>
internal interface IAnchorKernel
{
    /// <summary>
    /// Returns the mean over all proxies of <c>log(1 + sum over the samples of other identities of e^z)</c>, a scalar, and the cosines with
    /// the own proxies, B.
    /// </summary>
    (Tensor Mean, Tensor Own) Forward();

    /// <summary>Returns the gradient of the rows, B x D; that of the proxies goes to <paramref name="target"/>.</summary>
    /// <param name="factor">Of the mean's gradient.</param>
    /// <param name="own">dL/down of everything else, B.</param>
    Tensor Backward(double factor, Tensor own, GradientTarget target);
}

using static TorchSharp.torch;

namespace Ablation.Losses.Kernels;

/// <summary>The k nearest proxies of other identities, found without the B x C matrix.</summary>
internal interface INearestKernel
{
    /// <summary>
    /// Cosines of the k nearest in falling order (B x k), their classes (B x k, int64), and the cosine with the own proxy (B). Of
    /// equal ones the lowest classes. A proxy that is no number makes every own cosine NaN.
    /// </summary>
    (Tensor Cosines, Tensor Classes, Tensor Own) Find();
}

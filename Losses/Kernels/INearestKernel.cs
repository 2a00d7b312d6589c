using static TorchSharp.torch;

namespace Ablation.Losses.Kernels;

/// <summary>Finds the k nearest proxies of other identities without the B x C matrix.</summary>
internal interface INearestKernel
{
    /// <summary>
    /// Returns the cosines of the k nearest in descending order (B x k), their classes (B x k, int64), and the cosine with the own proxy
    /// (B). Of equal cosines the lowest classes; on a device other than the CPU, those that libtorch's topk takes of the ones equal to the
    /// k-th. A NaN proxy makes every own cosine NaN.
    /// </summary>
    (Tensor Cosines, Tensor Classes, Tensor Own) Find();
}

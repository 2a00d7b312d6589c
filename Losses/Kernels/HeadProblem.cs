using static TorchSharp.torch;

namespace Ablation.Losses.Kernels;

/// <summary>The inputs of a kernel: rows and proxies whose products are the cosines or the plain logits.</summary>
/// <param name="Rows">B x D, contiguous: the normalised embeddings, or the embeddings themselves for the plain softmax.</param>
/// <param name="Proxies">C x D, contiguous, not normalised, in the type of <paramref name="Rows"/>.</param>
/// <param name="Labels">B, int64, 0 .. C-1.</param>
/// <param name="Normalised">Whether a product is divided by its proxy's norm.</param>
internal sealed record HeadProblem(Tensor Rows, Tensor Proxies, Tensor Labels, bool Normalised)
{
    /// <summary>Smaller norms are raised to it, as in torch's normalize.</summary>
    public const double SmallestNorm = 1e-12;

    public int Batch => (int)Rows.shape[0];

    public int Classes => (int)Proxies.shape[0];

    public int Dimension => (int)Rows.shape[1];

    /// <summary>Computes 1 / norm of each proxy, 1 x C; null where products are not cosines.</summary>
    public Tensor? InverseNorms() =>
        Normalised ? Proxies.norm(1, p: 2).clamp_min_(SmallestNorm).reciprocal_().unsqueeze(0) : null;
}

/// <summary>Where the gradient of the proxies goes.</summary>
/// <param name="Proxies">C x D, contiguous; null where they are constant.</param>
/// <param name="Add">Whether it is added to what is there; else it replaces it.</param>
/// <param name="Bias">C, always added to; null where there is none.</param>
/// <param name="Shift">1, always added to; null where there is none.</param>
internal sealed record GradientTarget(Tensor? Proxies, bool Add, Tensor? Bias = null, Tensor? Shift = null);

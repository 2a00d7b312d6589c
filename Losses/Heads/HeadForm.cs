using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ablation.Losses.Heads;

/// <summary>
/// What a loss says of itself so that a kernel can compute it without the B x C matrix: how the other identities are reduced
/// to one value a sample, and what becomes of that value and of the cosine with the own proxy.
/// </summary>
public abstract record HeadForm;

/// <summary>
/// The softmax family: the other identities enter by <c>log sum over j != y of exp(scale o(c_j))</c>.
/// </summary>
/// <param name="Loss">
/// The loss of each sample, B, from that logarithm (B), the cosine with the own proxy (B; x.w + b where products are not
/// normalised) and the norms of the embeddings (B). Built of differentiable operations; called once a pass.
/// </param>
public sealed record SoftmaxForm(Func<Tensor, Tensor, Tensor, Tensor> Loss) : HeadForm
{
    /// <summary>Whether products are cosines; else they are x.w.</summary>
    public bool Normalised { get; init; } = true;

    /// <summary>Factor of the products.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>Whether the norm of the embedding is a second factor.</summary>
    public bool ScaledByNorm { get; init; }

    /// <summary>Added to the products, C.</summary>
    public Parameter? Bias { get; init; }

    /// <summary>
    /// What stands in for the cosines with the other proxies, B x T, beside the cosine with the own one, B x 1, which takes no gradient by
    /// it; null for themselves.
    /// </summary>
    public Func<Tensor, Tensor, Tensor>? Map { get; init; }
}

/// <summary>The hinge family: <c>factor * sum over the k nearest j != y of max(0, c_j - c_y + margin)</c>.</summary>
/// <param name="Negatives">k; <see cref="NegativeCount.All"/> for all other identities.</param>
/// <param name="Margin">On cosines.</param>
/// <param name="Factor">2 r^2.</param>
public sealed record HingeForm(NegativeCount Negatives, double Margin, double Factor) : HeadForm;

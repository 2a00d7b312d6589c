using Ablation.Losses.Kernels;
using static TorchSharp.torch;

namespace Ablation.Losses.Passes;

/// <summary>The embeddings as a kernel takes them, and the backward pass to the backbone.</summary>
internal sealed class EmbeddingRows : IDisposable
{
    private readonly Tensor embeddings;
    private readonly bool normalised;

    /// <param name="embeddings">B x D, in the precision of the computation, part of the backbone's graph.</param>
    public EmbeddingRows(Tensor embeddings, bool normalised)
    {
        this.normalised = normalised;
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        this.embeddings = embeddings.alias().DetachFromDisposeScope();
        Norms = embeddings.detach().norm(1, p: 2).DetachFromDisposeScope();
        Values = (normalised ? embeddings.detach() / Norms.clamp_min(HeadProblem.SmallestNorm).unsqueeze(1) : embeddings.detach())
            .contiguous().DetachFromDisposeScope();
    }

    /// <summary>B x D, without a graph.</summary>
    public Tensor Values { get; }

    /// <summary>B.</summary>
    public Tensor Norms { get; }

    /// <summary>Sends the gradient of <see cref="Values"/> on to the backbone, through the normalisation.</summary>
    /// <param name="byNorm">dL/dnorm where the loss depends on the norm itself, B.</param>
    public void Backward(Tensor gradient, Tensor? byNorm)
    {
        if (!embeddings.requires_grad) return;
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var result = gradient;
        if (normalised)
        {
            var along = (gradient * Values).sum(1, keepdim: true) * Norms.ge(HeadProblem.SmallestNorm).unsqueeze(1).to(gradient.dtype);
            result = (gradient - Values * along) / Norms.clamp_min(HeadProblem.SmallestNorm).unsqueeze(1);
        }

        if (byNorm is not null) result = result + Values * byNorm.unsqueeze(1);
        embeddings.backward([result]);
    }

    public void Dispose()
    {
        embeddings.Dispose();
        Values.Dispose();
        Norms.Dispose();
    }
}

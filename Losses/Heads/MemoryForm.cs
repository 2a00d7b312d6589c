using static TorchSharp.torch;

namespace Ablation.Losses.Heads;

/// <summary>
/// A loss of the softmax family to the proxies, plus one of the pairwise family to a memory that holds an embedding of each identity and
/// takes no gradient.
/// </summary>
public sealed record MemoryForm : HeadForm
{
    /// <summary>The part with the proxies.</summary>
    public required SoftmaxForm Classes { get; init; }

    /// <summary>The part with the memory.</summary>
    public required SumForm Term { get; init; }

    /// <summary>The embeddings of the M identities that have one, M x D; null while this part is not used.</summary>
    public Tensor? Rows { get; init; }

    /// <summary>Of each identity the row, or -1, C; null as <see cref="Rows"/>.</summary>
    public Tensor? Places { get; init; }

    /// <summary>Called once per pass with the embeddings, B x D without a graph, and the labels, B.</summary>
    public required Action<Tensor, Tensor> Watch { get; init; }

    /// <summary>
    /// Returns each sample's row, B, and the factor of its loss, B: 0 where the memory has no embedding of its identity, which then says
    /// nothing about the sample.
    /// </summary>
    internal (Tensor Labels, Tensor Counts) Own(Tensor labels)
    {
        var places = Places!.index_select(0, labels);
        return (places.clamp_min(0), places.ge(0));
    }
}

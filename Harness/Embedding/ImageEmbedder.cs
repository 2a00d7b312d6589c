using Ablation.Harness.Batches;

namespace Ablation.Harness.Embedding;

/// <summary>What turns pictures into embeddings.</summary>
public abstract class ImageEmbedder : IDisposable
{
    /// <summary>Pixels a side of the pictures that it takes.</summary>
    public abstract int Resolution { get; }

    /// <summary>Tells it from every other in a cache: the hash of a network's weights. Null: nothing is cached.</summary>
    public abstract string? Key { get; }

    /// <summary>One raw embedding a picture, row after row, for each fusion asked for.</summary>
    public abstract IReadOnlyList<float[]> Embed(Batch batch, IReadOnlyList<FlipFusion> fusions);

    public virtual void Dispose() => GC.SuppressFinalize(this);
}

using Ablation.Harness.Batches;

namespace Ablation.Harness.Embedding;

/// <summary>Turns pictures into embeddings.</summary>
public abstract class ImageEmbedder : IDisposable
{
    /// <summary>Side of its input pictures, in pixels.</summary>
    public abstract int Resolution { get; }

    /// <summary>Identifies it in a cache, as by the hash of a network's weights. Null: nothing is cached.</summary>
    public abstract string? Key { get; }

    /// <summary>Returns one raw embedding per picture, row after row, for each fusion.</summary>
    public abstract IReadOnlyList<float[]> Embed(Batch batch, IReadOnlyList<FlipFusion> fusions);

    public virtual void Dispose() => GC.SuppressFinalize(this);
}

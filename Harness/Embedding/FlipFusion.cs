namespace Ablation.Harness.Embedding;

/// <summary>How an image and its mirror image make its embedding.</summary>
public enum FlipFusion
{
    /// <summary>f(image) + f(mirrored), not normalised, as is usual in the field.</summary>
    Sum,

    /// <summary>f(image) alone.</summary>
    ImageOnly,
}

/// <summary>The embeddings of a test's images, for each fusion that it needs; rows in the order of its images.</summary>
public sealed class TestEmbeddings(IReadOnlyDictionary<FlipFusion, EmbeddingMatrix> matrices)
{
    public TestEmbeddings(EmbeddingMatrix sum) : this(new Dictionary<FlipFusion, EmbeddingMatrix> { [FlipFusion.Sum] = sum })
    {
    }

    /// <exception cref="ArgumentException">The test did not name it.</exception>
    public EmbeddingMatrix this[FlipFusion fusion] => matrices.TryGetValue(fusion, out var matrix) ? matrix
        : throw new ArgumentException(
            $"there are no embeddings of fusion {fusion}: FaceTest.Fusions does not name it, or the file of embeddings has another");

    public EmbeddingMatrix Sum => this[FlipFusion.Sum];
}

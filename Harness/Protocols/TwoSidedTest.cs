using Ablation.Harness.Embedding;
using Ablation.Harness.Metrics;

namespace Ablation.Harness.Protocols;

/// <summary>
/// A test that compares a gallery with probes (the first images of pairs with the second), so that either side may be embedded from other
/// pictures than the stored ones, such as reduced ones.
/// </summary>
public interface ITwoSidedTest
{
    /// <summary>Images of the test that a gallery needs, rising.</summary>
    IReadOnlyList<int> GalleryImages { get; }

    /// <summary>Images that probes need, rising; the same image may be on both sides.</summary>
    IReadOnlyList<int> ProbeImages { get; }

    /// <summary>Returns the comparison of embeddings, which may have a row per image and kind of picture.</summary>
    /// <param name="locate">Names a row.</param>
    /// <exception cref="Foundations.DataProblem">An embedding is zero or NaN; the message names the image.</exception>
    SideComparison Compare(EmbeddingMatrix embeddings, Func<int, string> locate, CancellationToken cancel);
}

/// <summary>Compares the rows of one side with those of another.</summary>
/// <param name="name">Name of the scores.</param>
/// <param name="gallery">Maps an image of the test to its row as a picture of the gallery.</param>
/// <param name="probe">Maps an image to its row as a probe.</param>
public delegate TestScores SideComparison(string name, Func<int, int> gallery, Func<int, int> probe);

using Ablation.Harness.Embedding;
using Ablation.Harness.Faces;
using Ablation.Harness.Images;
using Ablation.Harness.Metrics;

namespace Ablation.Harness.Protocols;

/// <summary>A test that only embeds the images of a training set. Disposes the source.</summary>
public sealed class SourceImages(FaceSource source) : FaceTest
{
    /// <summary>The training set.</summary>
    public FaceSource Source => source;

    /// <inheritdoc/>
    public override string Name => source.Name;

    /// <inheritdoc/>
    public override int ImageCount => source.Count;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Notes => source.Notes;

    /// <inheritdoc/>
    public override long ScoreCount => 0;

    /// <inheritdoc/>
    public override FaceImage Read(int image) => source.Read(image).Image;

    /// <inheritdoc/>
    public override string Locate(int image) => source.Locate(image);

    /// <inheritdoc/>
    public override string ImageName(int image) => source.ImageName(image);

    /// <inheritdoc/>
    public override string? ImageKey(int image) => source.ImageKey(image);

    /// <inheritdoc/>
    public override string? PersonName(int image) => source.PersonName(source.IdentityOf(image));

    /// <inheritdoc/>
    public override IReadOnlyList<TestScores> Score(TestEmbeddings embeddings, CancellationToken cancel) => [];

    /// <inheritdoc/>
    public override void Describe(DesignHash hash) => hash.Add(source.Count, source.Identities);

    /// <inheritdoc/>
    public override void Dispose()
    {
        source.Dispose();
        base.Dispose();
    }
}

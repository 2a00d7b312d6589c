using Ablation.Harness.Batches;
using Ablation.Harness.Embedding;
using Ablation.Harness.Protocols;

namespace Ablation.Experiments.Evaluating;

/// <summary>Grey pixels as embeddings: the baseline that any network must exceed. Nothing is stored.</summary>
public sealed class PixelSubject : EvaluationSubject
{
    /// <summary>Its name on the command line.</summary>
    public const string Word = "pixels";
    private readonly PixelEmbedder embedder = new();

    /// <inheritdoc/>
    public override string Name => $"pixels ({embedder.Resolution} x {embedder.Resolution}, grey)";

    /// <inheritdoc/>
    public override string? Folder => null;

    /// <inheritdoc/>
    public override string Key => embedder.Key;

    /// <inheritdoc/>
    public override TestEmbeddings Embed(FaceTest test, CancellationToken cancel) =>
        Embedder.Embed(embedder, test, new BatchOptions { DropLast = false }, cache: null, cancel);

    /// <inheritdoc/>
    public override void Dispose()
    {
        embedder.Dispose();
        base.Dispose();
    }
}

/// <summary>The word for the baseline.</summary>
internal sealed class PixelKind : SubjectKind
{
    /// <inheritdoc/>
    public override string Description => $"{PixelSubject.Word}, the embedder without a network";

    /// <inheritdoc/>
    public override bool Takes(SubjectRequest request) => request.What == PixelSubject.Word;

    /// <inheritdoc/>
    public override EvaluationSubject Open(SubjectRequest request)
    {
        request.RefuseInput("the baseline");
        return new PixelSubject();
    }
}

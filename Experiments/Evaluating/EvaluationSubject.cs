using Ablation.Experiments.Store;
using Ablation.Harness.Embedding;
using Ablation.Harness.Foundations;
using Ablation.Harness.Protocols;
using Ablation.Harness.Provenance;

namespace Ablation.Experiments.Evaluating;

/// <summary>What is evaluated: a finished trial, a file of embeddings, raw pixels.</summary>
public abstract class EvaluationSubject : IDisposable
{
    /// <summary>For people: "ArcFace, seed 1 (0123456789ab)".</summary>
    public abstract string Name { get; }

    /// <summary>Where its evaluations are stored; null for nowhere.</summary>
    public abstract string? Folder { get; }

    /// <summary>What its embeddings are of, for the record: a hash of weights or of a file.</summary>
    public abstract string Key { get; }

    /// <summary>The trial's own tests; none where it is no trial.</summary>
    public virtual IReadOnlyList<ProtocolOptions> OwnTests => [];

    /// <summary>What a test shares with the training set; null where there is none, or it is not there.</summary>
    public virtual DataOverlap? Overlap(FaceTest test) => null;

    /// <exception cref="DataProblem">A picture cannot be read, or has no embedding.</exception>
    public abstract TestEmbeddings Embed(FaceTest test, CancellationToken cancel);

    public virtual void Dispose() => GC.SuppressFinalize(this);
}

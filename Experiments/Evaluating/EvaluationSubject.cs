using Ablation.Harness.Embedding;
using Ablation.Harness.Foundations;
using Ablation.Harness.Protocols;

namespace Ablation.Experiments.Evaluating;

/// <summary>The subject of an evaluation: a finished trial, a file of embeddings, a foreign network, or raw pixels.</summary>
public abstract class EvaluationSubject : IDisposable
{
    /// <summary>Name for messages: "ArcFace, seed 1 (0123456789ab)".</summary>
    public abstract string Name { get; }

    /// <summary>Where its evaluations are stored; null if they are not.</summary>
    public abstract string? Folder { get; }

    /// <summary>Identifies its embeddings in the record: a hash of weights or of a file.</summary>
    public abstract string Key { get; }

    /// <summary>What a foreign network expects of a picture, for figures; null for all others.</summary>
    public virtual string? Input => null;

    /// <summary>What is worth a line each before the figures.</summary>
    public virtual IReadOnlyList<string> Remarks => [];

    /// <summary>Returns what must be given before a test can be evaluated, as lines for the user; none if nothing is missing.</summary>
    /// <exception cref="DataProblem">The test cannot be probed.</exception>
    public virtual IReadOnlyList<string> Ask(FaceTest test, CancellationToken cancel) => [];

    /// <summary>The tests of the trial; none if it is not a trial.</summary>
    public virtual IReadOnlyList<ProtocolOptions> OwnTests => [];

    /// <summary>Returns what a test shares with the training set; null if there is no training set or it is missing.</summary>
    public virtual DataOverlap? Overlap(FaceTest test) => null;

    /// <exception cref="DataProblem">A picture cannot be read, or has no embedding.</exception>
    public abstract TestEmbeddings Embed(FaceTest test, CancellationToken cancel);

    public virtual void Dispose() => GC.SuppressFinalize(this);
}

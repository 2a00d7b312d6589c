using Ablation.Harness.Embedding;
using Ablation.Harness.Foundations;
using Ablation.Harness.Provenance;

namespace Ablation.Experiments.Evaluating;

/// <summary>What a command line says about the subject of an evaluation.</summary>
/// <param name="What">The argument: an id, a path, a word.</param>
/// <param name="Results">Folder of all results.</param>
/// <param name="Given">What is known of a foreign network's input.</param>
public sealed record SubjectRequest(string What, string Results, TrialPlace Place, EmbeddingCache? Cache, InputSettings Given)
{
    /// <summary>Whether the argument names an existing file with one of these extensions, or one that looks like a file.</summary>
    public bool IsFile(params ReadOnlySpan<string> extensions)
    {
        foreach (var extension in extensions)
            if (What.EndsWith(extension, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }

    /// <exception cref="ArgumentException">Options of foreign networks were given for a subject that has none.</exception>
    public void RefuseInput(string subject)
    {
        if (Given != InputSettings.None)
            throw new ArgumentException(
                $"{What}: {subject} brings its own input; --network, --colour, --mean, --scale, --size and --flip are for files of " +
                "weights and ONNX");
    }
}

/// <summary>A kind of subject. Each stands in one file with its subject, and is found by reflection.</summary>
public abstract class SubjectKind
{
    /// <summary>Every kind; the one that takes whatever is left comes last.</summary>
    public static readonly IReadOnlyList<SubjectKind> All =
    [
        .. typeof(SubjectKind).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(SubjectKind)) && !type.IsAbstract)
            .Select(type => (SubjectKind)Activator.CreateInstance(type)!).OrderBy(kind => kind.IsLast)
            .ThenBy(kind => kind.GetType().Name, StringComparer.Ordinal),
    ];

    /// <summary>For help texts: "a file of embeddings (.npy)".</summary>
    public abstract string Description { get; }

    /// <summary>Whether it takes what no other kind takes.</summary>
    public virtual bool IsLast => false;

    public abstract bool Takes(SubjectRequest request);

    /// <exception cref="ArgumentException">There is no such subject, or more than one.</exception>
    /// <exception cref="DataProblem">Weights or embeddings are missing or damaged.</exception>
    public abstract EvaluationSubject Open(SubjectRequest request);
}

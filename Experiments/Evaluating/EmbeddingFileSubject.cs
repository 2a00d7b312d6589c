using System.Security.Cryptography;
using Ablation.Harness.Embedding;
using Ablation.Harness.Foundations;
using Ablation.Harness.Protocols;

namespace Ablation.Experiments.Evaluating;

/// <summary>A file of embeddings, written by any program.</summary>
public sealed class EmbeddingFileSubject : EvaluationSubject
{
    private readonly string path;
    private readonly EmbeddingMatrix embeddings;
    private readonly Dictionary<string, int>? rowOf;

    private EmbeddingFileSubject(string path, EmbeddingMatrix embeddings, Dictionary<string, int>? rowOf)
    {
        (this.path, this.embeddings, this.rowOf) = (path, embeddings, rowOf);
        using var file = File.OpenRead(path);
        Key = Convert.ToHexStringLower(SHA256.HashData(file));
    }

    /// <inheritdoc/>
    public override string Name => Path.GetFileName(path);

    /// <summary>The folder X beside X.npy.</summary>
    public override string Folder => Path.ChangeExtension(path, null);

    /// <inheritdoc/>
    public override string Key { get; }

    public static EmbeddingFileSubject Open(string path)
    {
        path = Path.GetFullPath(path);
        var (embeddings, names) = EmbeddingFile.Read(path);
        Dictionary<string, int>? rowOf = null;
        if (names is not null)
        {
            rowOf = new Dictionary<string, int>(names.Count, StringComparer.Ordinal);
            for (var row = 0; row < names.Count; row++)
            {
                var name = OneSpelling(names[row]);
                if (!rowOf.TryAdd(name, row))
                    throw new DataProblem($"{EmbeddingFile.NamesOf(path)}({row + 1})",
                        $"{names[row]} is already on line {rowOf[name] + 1}", "name each image once");
            }
        }

        return new EmbeddingFileSubject(path, embeddings, rowOf);
    }

    /// <inheritdoc/>
    public override TestEmbeddings Embed(FaceTest test, CancellationToken cancel)
    {
        if (test.Fusions.Any(fusion => fusion != FlipFusion.Sum))
            throw new DataProblem(path,
                $"{test.Name} needs embeddings with and without the mirrored image, but the file has one per image",
                    "choose variants of one fusion, or evaluate a trial");
        if (rowOf is null)
        {
            return embeddings.Rows == test.ImageCount ? new TestEmbeddings(embeddings)
                : throw new DataProblem(path, $"{embeddings.Rows} rows without names for {test.ImageCount} images of {test.Name}",
                    $"write the images' names to {EmbeddingFile.NamesOf(path)}");
        }

        var rows = new EmbeddingMatrix(test.ImageCount, embeddings.Dimension);
        for (var image = 0; image < test.ImageCount; image++)
        {
            if (!rowOf.TryGetValue(OneSpelling(test.ImageName(image)), out var row))
                throw new DataProblem(EmbeddingFile.NamesOf(path),
                    $"{test.Name} needs {test.ImageName(image)}, but no row has this name",
                        "embed the images of this test too; ablation embed writes names in this form");
            embeddings[row].CopyTo(rows[image]);
        }

        return new TestEmbeddings(rows);
    }

    /// <summary>Normalises slashes and the Unicode form of a name.</summary>
    private static string OneSpelling(string name) => UnicodeForm.Decomposed(name.Replace('\\', '/'));
}

/// <summary>Files of embeddings.</summary>
internal sealed class EmbeddingFileKind : SubjectKind
{
    /// <inheritdoc/>
    public override string Description => "a file of embeddings (.npy)";

    /// <inheritdoc/>
    public override bool Takes(SubjectRequest request) => request.IsFile(".npy");

    /// <inheritdoc/>
    public override EvaluationSubject Open(SubjectRequest request)
    {
        request.RefuseInput("a file of embeddings");
        return EmbeddingFileSubject.Open(request.What);
    }
}

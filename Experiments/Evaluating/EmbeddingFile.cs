using System.Security.Cryptography;
using Ablation.Experiments.Store;
using Ablation.Harness.Embedding;
using Ablation.Harness.Formats;
using Ablation.Harness.Foundations;
using Ablation.Harness.Protocols;

namespace Ablation.Experiments.Evaluating;

/// <summary>Embeddings on disk: X.npy (N x D, float32; other floating types are rounded to it on reading) and X.names.txt, the name of each
/// row's image in UTF-8, one per line.</summary>
public static class EmbeddingFile
{
    /// <summary>X.names.txt of X.npy.</summary>
    public static string NamesOf(string path) => Path.ChangeExtension(path, ".names.txt");

    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(string path, EmbeddingMatrix embeddings, IReadOnlyList<string> names)
    {
        AtomicFile.Write(path, file => NpyArray.Write<float>(file, embeddings.Values, embeddings.Rows, embeddings.Dimension));
        AtomicFile.Write(NamesOf(path), string.Concat(names.Select(name => $"{name}\n")));
    }

    /// <summary>The matrix, and the names where they are there.</summary>
    /// <exception cref="DataProblem">It is damaged, of another shape, or names do not fit.</exception>
    public static (EmbeddingMatrix Embeddings, IReadOnlyList<string>? Names) Read(string path)
    {
        if (!File.Exists(path)) throw new DataProblem(path, "no such file", "check the path");
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20);
        var (values, rows, columns) = NpyMatrix.Read(file, path, file.Length);
        var embeddings = new EmbeddingMatrix(values, columns);
        if (!File.Exists(NamesOf(path))) return (embeddings, null);
        var names = BoundedText.Lines(NamesOf(path), rows + 1L, "write a line for each row");
        if (names.Count != rows)
            throw new DataProblem(NamesOf(path), $"{(names.Count > rows ? "at least " : "")}{names.Count} names for {rows} rows",
                "write a line for each row");
        return (embeddings, names);
    }
}

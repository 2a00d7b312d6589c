using Ablation.Experiments.Store;
using Ablation.Harness.Embedding;
using Ablation.Harness.Formats;
using Ablation.Harness.Foundations;

namespace Ablation.Experiments.Evaluating;

/// <summary>Embeddings on disk: X.npy (N x D, float32; other floating types are rounded on reading) and X.names.txt, the name of each row's
/// image in UTF-8, one per line.</summary>
public static class EmbeddingFile
{
    /// <summary>Returns X.names.txt for X.npy.</summary>
    public static string NamesOf(string path) => Path.ChangeExtension(path, ".names.txt");

    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(string path, EmbeddingMatrix embeddings, IReadOnlyList<string> names)
    {
        AtomicFile.Write(path, file => NpyArray.Write<float>(file, embeddings.Values, embeddings.Rows, embeddings.Dimension));
        AtomicFile.Write(NamesOf(path), string.Concat(names.Select(name => $"{name}\n")));
    }

    /// <summary>Reads the matrix, and the names if their file exists.</summary>
    /// <exception cref="DataProblem">The file is missing, damaged or of another shape, or the names do not fit.</exception>
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

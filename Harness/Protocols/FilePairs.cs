using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Harness.Images;

namespace Ablation.Harness.Protocols;

/// <summary>A pair protocol whose images are files: <paramref name="files"/> are distinct, pairs index them.</summary>
/// <param name="root">The folder that image names are relative to.</param>
/// <param name="personOf">Returns the person in a file; null if unknown.</param>
internal sealed class FilePairs(string name, string root, IReadOnlyList<string> files, IReadOnlyList<FacePair> pairs, int folds,
    Func<string, string?>? personOf = null) : PairProtocol
{
    public override string Name => name;

    public override int ImageCount => files.Count;

    public override IReadOnlyList<FacePair> Pairs => pairs;

    public override int Folds => folds;

    public override FaceImage Read(int image) => Noting(image, ImageDecoder.DecodeFile(files[image]));

    public override string Locate(int image) => files[image];

    public override string ImageName(int image) => Path.GetRelativePath(root, files[image]).Replace('\\', '/');

    public override string? ImageKey(int image) => SourceFingerprint.OfFile(files[image]);

    public override string? PersonName(int image) => personOf?.Invoke(files[image]);
}

/// <summary>Numbers image files in order of first appearance. Searches each once, by any Unicode form of its name on disk.</summary>
internal sealed class FileNumbers
{
    private readonly Dictionary<string, int> numberOf = new(StringComparer.Ordinal);
    private readonly List<string> files = [];
    private readonly NamesOnDisk disk = new();

    public IReadOnlyList<string> Files => files;

    /// <param name="where">The place that names the file, for the error.</param>
    /// <exception cref="DataProblem">There is no such file.</exception>
    public int NumberOf(string path, string where)
    {
        if (numberOf.TryGetValue(path, out var number)) return number;
        if (disk.Find(path) is not { } found || !File.Exists(found))
            throw new DataProblem(where, $"there is no {path}", "check the images' folder and their extension");
        // one file, spelled in two Unicode forms
        if (found != path && numberOf.TryGetValue(found, out number)) return numberOf[path] = number;
        numberOf.Add(found, files.Count);
        if (found != path) numberOf.Add(path, files.Count);
        files.Add(found);
        return files.Count - 1;
    }
}

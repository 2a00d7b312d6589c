using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;

namespace Ablation.Harness.Protocols;

/// <summary>A protocol whose lists are folders of images named IDENTITY_REST.</summary>
/// <param name="root">The folder that holds them.</param>
/// <param name="expected">What to check if one is missing.</param>
internal sealed class ProtocolFolders(string root, string expected)
{
    private readonly FolderWalk walk = new(root);
    private readonly List<string> inner = [];

    /// <summary>Takes the folder of a set's test, or the one that holds it.</summary>
    /// <param name="test">Name of the test's folder.</param>
    public static ProtocolFolders Find(string root, string test, string expected) =>
        new(Path.Combine(root, test) is var below && Directory.Exists(below) ? below : root, expected);

    /// <summary>Lists the images of a folder in ordinal order of their names, which is the gallery's order.</summary>
    /// <exception cref="DataProblem">There is no such folder, or no image in it.</exception>
    public string[] Images(string folder)
    {
        var path = Path.Combine(root, folder);
        if (!Directory.Exists(path)) throw new DataProblem(path, "no such folder", expected);
        var (below, images) = walk.List(path);
        if (below.Length > 0) inner.Add($"{below.Length} folders in {folder} are not read, the first is {below[0]}");
        return images.Length > 0 ? [.. images.Select(image => Path.Combine(path, image))]
            : throw new DataProblem(path, "no image in it", "unpack the set again");
    }

    /// <summary>What the folders hold that is not read, one line each.</summary>
    public IReadOnlyList<string> Notes => [.. inner, .. walk.Skipped.Lines()];

    /// <summary>Returns the name of a file in tables and caches: "gallery/12_cam1_3.jpg".</summary>
    public string NameOf(string file) => Path.GetRelativePath(root, file).Replace('\\', '/');

    /// <summary>Returns the part of a file's name up to the first '_'.</summary>
    /// <exception cref="DataProblem">There is none.</exception>
    public static string Identity(string file)
    {
        var name = Path.GetFileName(file);
        var end = name.IndexOf('_');
        return end > 0
            ? name[..end] : throw new DataProblem(file, "its name does not begin with an identity and '_'", "unpack the set again");
    }
}

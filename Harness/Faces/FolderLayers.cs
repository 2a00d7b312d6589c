namespace Ablation.Harness.Faces;

/// <summary>Notices identity folders that hold only folders, as when a folder of "train" and "val" is read one level too high.</summary>
internal sealed class FolderLayers
{
    private const int Shown = 3;
    private readonly List<(string Identity, string[] Folders)> deep = [];
    private int identities;

    /// <param name="folders">Of an identity without an image of its own; otherwise empty.</param>
    public void Add(string identity, string[] folders)
    {
        identities++;
        if (folders.Length > 0) deep.Add((identity, folders));
    }

    /// <summary>Returns a line if there is such a folder.</summary>
    public IEnumerable<string> Lines(string root)
    {
        if (deep.Count == 0) yield break;
        var examples = deep.Take(Shown)
            .Select(one => $"{one.Identity} ({string.Join(", ", one.Folders.Take(Shown))}{(one.Folders.Length > Shown ? ", ..." : "")})");
        yield return $"{deep.Count} of {identities} identity folders hold folders only, and all images below one count as one identity: "
            + $"{string.Join(", ", examples)}{(deep.Count > Shown ? ", ..." : "")}; if the folders within are the identities, point the " +
                $"source at {Path.Combine(root, deep[0].Identity).Replace('\\', '/')}";
    }
}

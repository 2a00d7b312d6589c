using System.IO.Enumeration;
using Ablation.Harness.Formats;
using Ablation.Harness.Images;

namespace Ablation.Harness.Faces;

/// <summary>
/// Walks through a folder of pictures, and alone decides what is a picture, an identity's folder or neither. Skips folders and files of
/// <see cref="SystemNames"/>, and follows links as <see cref="FolderLinks"/> allows.
/// </summary>
internal sealed class FolderWalk(string root)
{
    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = false };
    private readonly FolderLinks links = new(root);

    /// <summary>What the walk has skipped so far.</summary>
    public SkippedEntries Skipped { get; } = new();

    private readonly record struct Item(string Name, bool IsFolder, bool IsLink, bool IsHidden);

    /// <summary>Whether a file has an image's extension and is neither hidden nor a system's own.</summary>
    public static bool IsImage(string path) =>
        !SystemNames.Has(Path.GetFileName(path))
        && ImageDecoder.Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Returns the names of the folders in <paramref name="folder"/> and of the pictures beside them, each in ordinal order.
    /// </summary>
    public (string[] Folders, string[] Images) List(string folder)
    {
        var (folders, images) = (new List<string>(), new List<string>());
        foreach (var item in Items(folder))
        {
            var path = Path.Combine(folder, item.Name);
            if (item.IsHidden || SystemNames.Has(item.Name)) Skipped.AddSystem(item.Name);
            else if (!item.IsFolder && IsImage(item.Name))
            {
                images.Add(item.Name);
                if (item.IsLink && links.IsWithin(path)) Skipped.AddLinkedImage(Path.GetRelativePath(root, path).Replace('\\', '/'));
            }
            else if (!item.IsFolder) Skipped.AddFile(item.Name);
            else if (!item.IsLink || links.Follow(path, out var target)) folders.Add(item.Name);
            else Skipped.AddLink(Path.GetRelativePath(root, path).Replace('\\', '/'), target);
        }

        return ([.. folders.Order(StringComparer.Ordinal)], [.. images.Order(StringComparer.Ordinal)]);
    }

    /// <summary>Returns the paths of all pictures below <paramref name="folder"/> at any depth, with '/' between the parts, in ordinal
    /// order: the same on every system.</summary>
    /// <param name="foldersOnly">Names of its folders if it has no picture of its own; otherwise empty.</param>
    public string[] Images(string folder, out string[] foldersOnly)
    {
        var all = new List<string>();
        var (folders, own) = List(folder);
        foldersOnly = own.Length == 0 ? folders : [];
        all.AddRange(own);
        foreach (var below in folders) Add(Path.Combine(folder, below), $"{below}/", all);
        all.Sort(StringComparer.Ordinal);
        return [.. all];
    }

    private void Add(string folder, string prefix, List<string> all)
    {
        var (folders, images) = List(folder);
        all.AddRange(images.Select(name => prefix + name));
        foreach (var below in folders) Add(Path.Combine(folder, below), $"{prefix}{below}/", all);
    }

    private static FileSystemEnumerable<Item> Items(string folder) => new(folder,
        static (ref FileSystemEntry entry) =>
            new Item(entry.FileName.ToString(), entry.IsDirectory, (entry.Attributes & FileAttributes.ReparsePoint) != 0, entry.IsHidden),
        Everything);
}

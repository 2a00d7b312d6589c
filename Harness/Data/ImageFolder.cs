namespace Ablation.Harness.Data;

/// <summary>Image files below a folder.</summary>
internal static class ImageFolder
{
    // deep enough for any real layout; ends a loop of links
    private static readonly EnumerationOptions Everything = new() { RecurseSubdirectories = true, MaxRecursionDepth = 16, IgnoreInaccessible = false };

    /// <summary>A file with an image's extension that is not hidden.</summary>
    public static bool IsImage(string path) =>
        !Path.GetFileName(path).StartsWith('.') && ImageDecoder.Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>Their paths below the folder, at whatever depth, with '/' between the parts, in ordinal order: the same folder has the same order everywhere.</summary>
    public static string[] Names(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*", Everything).Where(IsImage).Select(path => Path.GetRelativePath(folder, path).Replace('\\', '/')).Order(StringComparer.Ordinal)];
}

using Ablation.Harness.Formats;
using Ablation.Harness.Images;

namespace Ablation.Harness.Faces;

/// <summary>Image files below a folder.</summary>
internal static class ImageFolder
{
    /// <summary>A file with an image's extension that is not hidden and no system's own.</summary>
    public static bool IsImage(string path) =>
        !SystemNames.Has(Path.GetFileName(path))
        && ImageDecoder.Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>Their paths below the folder, as <see cref="FolderWalk.Images"/> finds them.</summary>
    public static string[] Names(string folder) => new FolderWalk(folder).Images(folder, out _);
}

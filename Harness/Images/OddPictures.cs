using System.Collections.Concurrent;

namespace Ablation.Harness.Images;

/// <summary>Pictures that decode but are not quite in their format, counted once each. Thread-safe.</summary>
internal sealed class OddPictures
{
    private readonly ConcurrentDictionary<int, byte> endless = new();

    /// <summary>Passes the picture on.</summary>
    public FaceImage Noting(int index, FaceImage image)
    {
        if (image.LacksEnd) endless.TryAdd(index, 0);
        return image;
    }

    /// <summary>One line where there was any.</summary>
    public IEnumerable<string> Lines(Func<int, string> locate)
    {
        if (endless.IsEmpty) yield break;
        int[] found = [.. endless.Keys.Order()];
        yield return $"{found.Length} JPEG {(found.Length == 1 ? "file lacks its" : "files lack their")} end marker with all pixels " +
            $"there, and {(found.Length == 1 ? "was" : "were")} read as libjpeg reads them; the first: {locate(found[0])}";
    }
}

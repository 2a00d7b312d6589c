using System.Collections.Concurrent;

namespace Ablation.Harness.Images;

/// <summary>Counts JPEGs that lack only their end marker, each once. Thread-safe.</summary>
internal sealed class UnendedJpegs
{
    private readonly ConcurrentDictionary<int, byte> found = new();

    /// <summary>Counts the picture if it lacks its end, and returns it.</summary>
    public FaceImage Note(int index, FaceImage image)
    {
        if (image.LacksEnd) found.TryAdd(index, 0);
        return image;
    }

    /// <summary>Returns a line if there is any.</summary>
    public IEnumerable<string> Lines(Func<int, string> locate)
    {
        if (found.IsEmpty) yield break;
        int[] indices = [.. found.Keys.Order()];
        yield return $"{indices.Length} JPEG {(indices.Length == 1 ? "file lacks its" : "files lack their")} end marker with all pixels " +
            $"there, and {(indices.Length == 1 ? "was" : "were")} read as libjpeg reads them; the first: {locate(indices[0])}";
    }
}

using System.Security.Cryptography;
using System.Text;

namespace Ablation.Harness.Embedding;

/// <summary>
/// Embeddings by embedder, resolution, fusion and image, so that a second test on the same pictures costs nothing. On disk: a folder for
/// each embedder, resolution and fusion, with a file for each run that added some (<see cref="EmbeddingSegment"/>); or in memory, for one
/// trial.
/// </summary>
public sealed class EmbeddingCache
{
    private readonly string? folder;
    private readonly Action<string> say;
    private readonly Dictionary<string, List<EmbeddingSegment>> kept = [];
    private long left;

    /// <param name="folder">Made when it is needed.</param>
    /// <param name="say">Told of a damaged file, and of a disk that is full.</param>
    public EmbeddingCache(string folder, Action<string> say) => (this.folder, this.say) = (folder, say);

    private EmbeddingCache(long most) => (left, say) = (most, _ => { });

    /// <summary>One that lives with its owner and takes at most so many bytes.</summary>
    public static EmbeddingCache InMemory(long most) => new(most);

    /// <summary>Sixteen bytes for an image's key.</summary>
    public static UInt128 Digest(string imageKey) =>
        System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(imageKey)).AsSpan(0, 16));

    /// <summary>Hands the row of each image that is there to <paramref name="take"/>.</summary>
    /// <param name="rowsOf">Rows that want an image's embedding.</param>
    /// <returns>The keys found.</returns>
    internal HashSet<UInt128> Find(string embedder, int resolution, FlipFusion fusion, ILookup<UInt128, int> rowsOf,
        Action<int, ReadOnlySpan<float>> take)
    {
        var found = new HashSet<UInt128>();
        foreach (var segment in Segments(Name(embedder, resolution, fusion)))
        {
            try
            {
                segment.Read(key => !found.Contains(key) && rowsOf.Contains(key), (key, row) =>
                {
                    foreach (var image in rowsOf[key]) take(image, row);
                }, found);
            }
            catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
            {
                say($"{segment.Path}: {e.Message}; it is deleted, and its images are embedded again");
                TryDelete(segment.Path!);
            }
        }

        return found;
    }

    /// <summary>Keeps embeddings. Where the disk has no room it is said, and the evaluation goes on.</summary>
    internal void Add(string embedder, int resolution, FlipFusion fusion, UInt128[] keys, float[] rows)
    {
        if (keys.Length == 0) return;
        var name = Name(embedder, resolution, fusion);
        if (folder is null)
        {
            left -= sizeof(float) * rows.LongLength;
            if (left < 0) return;
            if (!kept.TryGetValue(name, out var segments)) kept.Add(name, segments = []);
            segments.Add(EmbeddingSegment.InMemory(keys, rows));
            return;
        }

        try
        {
            EmbeddingSegment.Write(Path.Combine(folder, name), keys, rows);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            say($"{Path.Combine(folder, name)}: embeddings could not be kept ({e.Message}); the evaluation goes on without");
        }
    }

    private IEnumerable<EmbeddingSegment> Segments(string name)
    {
        if (folder is null) return kept.TryGetValue(name, out var segments) ? segments : [];
        var place = Path.Combine(folder, name);
        return Directory.Exists(place)
            ? Directory.GetFiles(place, "*" + EmbeddingSegment.Extension).Order(StringComparer.Ordinal)
            .Select(path => new EmbeddingSegment(path)) : [];
    }

    private static string Name(string embedder, int resolution, FlipFusion fusion) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"1 {embedder} {resolution} {fusion}")))[..32];

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // another process looks at it just now, and will say the same
        }
    }
}

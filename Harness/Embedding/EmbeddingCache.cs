using System.Security.Cryptography;
using System.Text;
using Ablation.Harness.Foundations;

namespace Ablation.Harness.Embedding;

/// <summary>
/// Keeps embeddings by embedder, resolution, fusion and image, so that a second test on the same pictures costs nothing: on disk, in one
/// folder per embedder, resolution and fusion with one file per run that added some (<see cref="EmbeddingSegment"/>), or in memory, for
/// one trial.
/// </summary>
public sealed class EmbeddingCache
{
    // part of every name; raised when networks compute other embeddings from the same weights (2: 1 x 1 convolutions with AVX-512)
    private const int Version = 2;

    private readonly string? folder;
    private readonly Action<string> report;
    private readonly Dictionary<string, List<EmbeddingSegment>> kept = [];
    private long left;

    /// <param name="folder">Created when it is needed.</param>
    /// <param name="report">Gets a line for a damaged file or a full disk.</param>
    public EmbeddingCache(string folder, Action<string> report) => (this.folder, this.report) = (folder, report);

    private EmbeddingCache(long most) => (left, report) = (most, _ => { });

    /// <summary>Returns a cache in memory of at most so many bytes.</summary>
    public static EmbeddingCache InMemory(long most) => new(most);

    /// <summary>Hashes an image's key to sixteen bytes.</summary>
    public static UInt128 Digest(string imageKey) =>
        System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(imageKey)).AsSpan(0, 16));

    /// <summary>Passes the row of each cached image to <paramref name="take"/>.</summary>
    /// <param name="rowsOf">Rows that need an image's embedding.</param>
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
                report($"{segment.Path}: {e.Message}; it is deleted, and its images are embedded again");
                TryDelete(segment.Path!);
            }
        }

        return found;
    }

    /// <summary>Keeps embeddings; a full disk is reported, and the evaluation continues.</summary>
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
            report($"{Path.Combine(folder, name)}: embeddings could not be kept ({e.Message}); the evaluation continues without them");
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
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Version} {embedder} {resolution} {fusion}")))[..32];

    private static void TryDelete(string path)
    {
        try
        {
            PatientFile.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // another process reads it, and reports the same
        }
    }
}

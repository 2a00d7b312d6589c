using Ablation.Harness.Batches;
using Ablation.Harness.Embedding;
using Ablation.Harness.Foundations;

namespace Ablation.Harness.Protocols;

/// <summary>A network gave an embedding of a test that is zero or not finite.</summary>
public sealed class UnsoundEmbeddingException(string message) : InvalidOperationException(message);

/// <summary>Embeds each image of a test once, decoding ahead on several threads.</summary>
public static class Embedder
{
    private const int RowsPerFile = 16384; // bounds how many embeddings a killed process loses

    /// <summary>Computes raw embeddings for each fusion that the test needs, rows in the order of its images.</summary>
    /// <param name="cache">Embeddings are read from it if present, and added to it; null for none.</param>
    /// <param name="progress">Reports the number of images done.</param>
    /// <exception cref="UnsoundEmbeddingException">An embedding is NaN, infinite or zero; the message names the image.</exception>
    /// <exception cref="DataProblem">A picture cannot be read.</exception>
    /// <exception cref="OperationCanceledException">Between two batches.</exception>
    public static TestEmbeddings Embed(ImageEmbedder embedder, FaceTest test, BatchOptions batches, EmbeddingCache? cache,
        CancellationToken cancel, IProgress<int>? progress = null)
    {
        var fusions = test.Fusions;
        var target = new Target(test, embedder, fusions, embedder.Key is null ? null : cache);
        var missing = target.Missing();
        var done = 0;
        foreach (var batch in EvaluationImages.Read(test, missing, embedder.Resolution, batches, cancel))
        {
            var rows = embedder.Embed(batch, fusions);
            for (var fusion = 0; fusion < fusions.Count; fusion++)
            {
                var dimension = rows[fusion].Length / batch.Count;
                for (var item = 0; item < batch.Count; item++)
                {
                    var row = rows[fusion].AsSpan(item * dimension, dimension);
                    if (!IsSound(row))
                        throw new UnsoundEmbeddingException(
                            $"{test.Locate(missing[done + item])}: its embedding is not finite or zero; the network has diverged");
                    target.Put(fusion, missing[done + item], row);
                }
            }

            target.Keep(missing, done + batch.Count, isLast: false);
            done += batch.Count;
            progress?.Report(test.ImageCount - missing.Count + done);
        }

        target.Keep(missing, done, isLast: true);
        return target.Embeddings();
    }

    private static bool IsSound(ReadOnlySpan<float> row)
    {
        var isZero = true;
        foreach (var value in row)
        {
            if (!float.IsFinite(value)) return false;
            isZero &= value == 0;
        }

        return !isZero;
    }

    /// <summary>The matrices to fill, and the cache behind them.</summary>
    private sealed class Target(FaceTest test, ImageEmbedder embedder, IReadOnlyList<FlipFusion> fusions, EmbeddingCache? cache)
    {
        private readonly EmbeddingMatrix?[] matrices = new EmbeddingMatrix?[fusions.Count];
        private readonly UInt128?[] keys = new UInt128?[cache is null ? 0 : test.ImageCount];
        private int kept; // of the missing images

        /// <summary>Returns the images that have an uncached embedding.</summary>
        public List<int> Missing()
        {
            if (cache is null) return [.. Enumerable.Range(0, test.ImageCount)];
            Parallel.For(0, keys.Length, image => keys[image] = test.ImageKey(image) is { } key ? EmbeddingCache.Digest(key) : null);
            var rowsOf = Enumerable.Range(0, keys.Length).Where(image => keys[image] is not null).ToLookup(image => keys[image]!.Value);
            var found = Enumerable.Range(0, fusions.Count)
                .Select(fusion =>
                    cache.Find(embedder.Key!, embedder.Resolution, fusions[fusion], rowsOf, (image, row) => Put(fusion, image, row)))
                    .ToList();
            return [.. Enumerable.Range(0, keys.Length).Where(image => keys[image] is not { } key || found.Any(one => !one.Contains(key)))];
        }

        public void Put(int fusion, int image, ReadOnlySpan<float> row)
        {
            var matrix = matrices[fusion] ??= new EmbeddingMatrix(test.ImageCount, row.Length);
            if (matrix.Dimension != row.Length)
                throw new InvalidDataException(
                    $"{test.Locate(image)}: an embedding of {row.Length} values, others have {matrix.Dimension}");
            row.CopyTo(matrix[image]);
        }

        /// <summary>Adds the new embeddings to the cache when there are enough, or at the end.</summary>
        public void Keep(List<int> missing, int done, bool isLast)
        {
            if (cache is null || (done - kept < RowsPerFile && !isLast)) return;
            var images = missing[kept..done].Where(image => keys[image] is not null).DistinctBy(image => keys[image]).ToList();
            for (var fusion = 0; fusion < fusions.Count; fusion++)
            {
                var rows = images.SelectMany(image => matrices[fusion]![image].ToArray()).ToArray();
                cache.Add(embedder.Key!, embedder.Resolution, fusions[fusion], [.. images.Select(image => keys[image]!.Value)], rows);
            }

            kept = done;
        }

        public TestEmbeddings Embeddings() =>
            new(fusions.Select((fusion, i) => (fusion, Matrix: matrices[i] ?? new EmbeddingMatrix([], 1)))
                .ToDictionary(one => one.fusion, one => one.Matrix));
    }
}

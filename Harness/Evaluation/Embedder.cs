using Ablation.Harness.Data;

namespace Ablation.Harness.Evaluation;

/// <summary>Embeds the images of a test, each once, decoding ahead on several threads.</summary>
public static class Embedder
{
    /// <summary>Raw embeddings for each fusion that the test asks for, rows in the order of its images.</summary>
    /// <param name="cache">Where embeddings are looked for first and kept; null for none.</param>
    /// <exception cref="InvalidOperationException">An embedding is NaN, infinite or zero; names the image.</exception>
    /// <exception cref="DataProblem">A picture cannot be read.</exception>
    /// <exception cref="OperationCanceledException">Between two batches.</exception>
    public static TestEmbeddings Embed(ImageEmbedder embedder, FaceTest test, BatchOptions batches, EmbeddingCache? cache, CancellationToken cancel)
    {
        var fusions = test.Fusions;
        var matrices = new EmbeddingMatrix?[fusions.Count];
        var missing = Enumerable.Range(0, test.ImageCount).ToList();
        var done = 0;
        foreach (var batch in EvaluationImages.Of(test, missing, embedder.Resolution, batches).Read(cancel))
        {
            var rows = embedder.Embed(batch, fusions);
            for (var fusion = 0; fusion < fusions.Count; fusion++)
            {
                var dimension = rows[fusion].Length / batch.Count;
                var matrix = matrices[fusion] ??= new EmbeddingMatrix(test.ImageCount, dimension);
                for (var item = 0; item < batch.Count; item++)
                {
                    var row = rows[fusion].AsSpan(item * dimension, dimension);
                    var image = missing[done + item];
                    if (!IsSound(row)) throw new InvalidOperationException($"{test.Locate(image)}: its embedding is not finite or zero; the network has diverged");
                    row.CopyTo(matrix[image]);
                }
            }

            done += batch.Count;
        }

        return new TestEmbeddings(fusions.Select((fusion, i) => (fusion, Matrix: matrices[i] ?? new EmbeddingMatrix([], 1))).ToDictionary(one => one.fusion, one => one.Matrix));
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
}

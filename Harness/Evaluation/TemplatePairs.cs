namespace Ablation.Harness.Evaluation;

/// <summary>Squared distances of pairs of templates: one fold, since there is no threshold to choose.</summary>
public static class TemplatePairs
{
    private const int Chunk = 1 << 14;

    /// <summary>2 - 2 cos of each pair, cosines in float64.</summary>
    /// <param name="name">What tables call it.</param>
    /// <param name="templates">Rows of length 1.</param>
    /// <param name="first">Row of the left template of each pair.</param>
    /// <param name="second">Row of the right template.</param>
    /// <param name="same">Kept, not copied.</param>
    public static PairScores Score(string name, EmbeddingMatrix templates, int[] first, int[] second, bool[] same, CancellationToken cancel)
    {
        var distances = new float[same.Length];
        Parallel.For(0, (distances.Length + Chunk - 1) / Chunk, new ParallelOptions { CancellationToken = cancel }, chunk =>
        {
            for (var pair = chunk * Chunk; pair < Math.Min(distances.Length, (chunk + 1) * Chunk); pair++)
                distances[pair] = (float)Math.Clamp(2 - 2 * WideSums.Dot(templates[first[pair]], templates[second[pair]]), 0, 4);
        });
        return new PairScores(name, distances, same, new int[distances.Length], Folds: 1);
    }
}

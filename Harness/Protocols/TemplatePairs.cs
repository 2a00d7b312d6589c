using System.Numerics;
using Ablation.Harness.Embedding;
using Ablation.Harness.Metrics;

namespace Ablation.Harness.Protocols;

/// <summary>Computes squared distances of pairs of templates, in one fold, since no threshold is chosen.</summary>
public static class TemplatePairs
{
    private const int Chunk = 1 << 14;
    private const int TileBytes = 1 << 18; // of templates on either side of a tile: both sides fit a core's private cache
    private const int MostTilesAcross = 1 << 10;

    /// <summary>Computes 2 - 2 cos of each pair, cosines in float64.</summary>
    /// <param name="name">The name in tables.</param>
    /// <param name="templates">Rows of length 1.</param>
    /// <param name="first">Row of the left template of each pair.</param>
    /// <param name="second">Row of the right template.</param>
    /// <param name="same">Kept, not copied.</param>
    public static PairScores Score(string name, EmbeddingMatrix templates, int[] first, int[] second, bool[] same, CancellationToken cancel)
    {
        var (distances, order) = (new float[same.Length], Tiled(templates, first, second));
        Parallel.For(0, (order.Length + Chunk - 1) / Chunk, new ParallelOptions { CancellationToken = cancel }, chunk =>
        {
            foreach (var pair in order.AsSpan(chunk * Chunk, Math.Min(Chunk, order.Length - chunk * Chunk)))
                distances[pair] = (float)Math.Clamp(2 - 2 * WideSums.Dot(templates[first[pair]], templates[second[pair]]), 0, 4);
        });
        return new PairScores(name, distances, same, new int[distances.Length], Folds: 1);
    }

    /// <summary>
    /// Orders the pairs so that neighbours compare the same few templates; in the order of the list, each would read two rows from memory.
    /// </summary>
    internal static int[] Tiled(EmbeddingMatrix templates, int[] first, int[] second)
    {
        var shift = BitOperations.Log2((uint)Math.Max(1, TileBytes / (templates.Dimension * sizeof(float))));
        while (templates.Rows >> shift >= MostTilesAcross) shift++;
        var across = (templates.Rows >> shift) + 1;
        var begins = new int[across * across + 1];
        for (var pair = 0; pair < first.Length; pair++) begins[(first[pair] >> shift) * across + (second[pair] >> shift) + 1]++;
        for (var tile = 1; tile < begins.Length; tile++) begins[tile] += begins[tile - 1];
        var order = new int[first.Length];
        for (var pair = 0; pair < order.Length; pair++) order[begins[(first[pair] >> shift) * across + (second[pair] >> shift)]++] = pair;
        return order;
    }
}

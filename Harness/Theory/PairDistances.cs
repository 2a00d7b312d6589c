using Ablation.Harness.Embedding;
using static TorchSharp.torch;

namespace Ablation.Harness.Theory;

/// <summary>Computes the squared distances between all rows of a matrix.</summary>
internal static class PairDistances
{
    public const int Bins = 40;

    /// <param name="rows">N x D, of length 1, N at least 2.</param>
    public static DistanceSpread Compute(EmbeddingMatrix rows, Device device, CancellationToken cancel)
    {
        var distances = new double[(long)rows.Rows * (rows.Rows - 1) / 2];
        var bins = new int[Bins];
        var at = 0;
        using var products = new RowProducts(rows, rows, device);
        products.ForEach((row, cosines) =>
        {
            foreach (var cosine in cosines[(row + 1)..])
            {
                var distance = Math.Clamp(2 - 2 * (double)cosine, 0, 4);
                bins[Math.Min(Bins - 1, (int)(distance / 4 * Bins))]++;
                distances[at++] = distance;
            }
        }, cancel);
        return new DistanceSpread(Spread.Summarise(distances), bins);
    }
}

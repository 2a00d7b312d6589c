using Ablation.Harness.Embedding;
using static TorchSharp.torch;

namespace Ablation.Harness.Theory;

/// <summary>The nearest entry of another identity.</summary>
/// <param name="Identity">Its identity; the first of equally near ones.</param>
/// <param name="Cosine">The cosine with it.</param>
internal readonly record struct NearestOther(int Identity, float Cosine)
{
    /// <param name="rows">N x D, of length 1.</param>
    /// <param name="identities">N.</param>
    /// <param name="entries">M x D, of length 1, of at least one other identity for each row.</param>
    /// <param name="entryIdentities">M.</param>
    public static NearestOther[] Find(EmbeddingMatrix rows, int[] identities, EmbeddingMatrix entries, int[] entryIdentities, Device device,
        CancellationToken cancel)
    {
        var found = new NearestOther[rows.Rows];
        using var products = new RowProducts(rows, entries, device);
        products.ForEach((row, cosines) =>
        {
            var best = new NearestOther(-1, float.NegativeInfinity);
            for (var entry = 0; entry < cosines.Length; entry++)
            {
                if (cosines[entry] > best.Cosine && entryIdentities[entry] != identities[row])
                    best = new NearestOther(entryIdentities[entry], cosines[entry]);
            }

            found[row] = best;
        }, cancel);
        return found;
    }
}

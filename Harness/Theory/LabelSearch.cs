using Ablation.Harness.Batches;
using Ablation.Harness.Embedding;
using Ablation.Harness.Faces;
using Ablation.Harness.Protocols;
using Ablation.Losses;
using static TorchSharp.torch;

namespace Ablation.Harness.Theory;

/// <summary>An image that is far from its identity's dominant proxy.</summary>
/// <param name="Image">Index in the training set.</param>
/// <param name="Degrees">The angle to that proxy.</param>
public sealed record SuspectLabel(int Image, double Degrees);

/// <summary>What a search of wrong labels found.</summary>
/// <param name="Suspects">In the order of the set.</param>
/// <param name="Searched">Images that were embedded.</param>
/// <param name="Wrong">Labels among them that are wrong on purpose; null where nobody knows.</param>
/// <param name="Caught">Of those, the ones among the suspects.</param>
public sealed record LabelSearch(IReadOnlyList<SuspectLabel> Suspects, int Searched, int? Wrong, int? Caught)
{
    private const int AtOnce = 65_536; // images whose embeddings are held, 134 MB at 512 values

    /// <summary>Share of the suspects whose label is wrong; null where nobody knows or there is no suspect.</summary>
    public double? Precision => Caught is { } caught && Suspects.Count > 0 ? (double)caught / Suspects.Count : null;

    /// <summary>Share of the wrong labels that are suspects; null where nobody knows or none is wrong.</summary>
    public double? Recall => Caught is { } caught && Wrong > 0 ? (double)caught / Wrong : null;

    /// <summary>
    /// Finds the training images that are farther than an angle from their identity's dominant proxy, the one that most of its images are
    /// nearest to; of equally many the first (Deng et al., Sub-center ArcFace, ECCV 2020, section 3.3). Embeddings are those of image and
    /// mirrored image, summed.
    /// </summary>
    /// <param name="readable">Images that can be read, ascending.</param>
    /// <param name="atOnce">Images that are embedded before their embeddings are dropped; what is found does not depend on it.</param>
    public static LabelSearch Run(FaceSource source, IReadOnlyList<int> readable, ImageEmbedder network, FaceLoss loss, double degrees,
        BatchOptions batches, CancellationToken cancel, int atOnce = AtOnce)
    {
        int[] identityOf = [.. readable.Select(source.IdentityOf)];
        var proxies = Directions(loss);
        var cosines = new float[readable.Count * loss.Centers];
        foreach (var piece in Enumerable.Range(0, readable.Count).Chunk(atOnce))
        {
            using var faces = new DrawnFaces(source, [.. piece.Select(image => readable[image])]);
            var unit = Embedder.Embed(network, faces, batches, null, cancel).Sum.Normalised(faces.Locate);
            DominantProxy.Cosines(unit, new ArraySegment<int>(identityOf, piece[0], piece.Length), proxies, loss.Centers)
                .CopyTo(cosines, piece[0] * loss.Centers);
        }

        var dominant = new DominantProxy(cosines, identityOf, proxies.Rows / loss.Centers, loss.Centers);
        var suspects = new List<SuspectLabel>();
        for (var row = 0; row < readable.Count; row++)
        {
            var angle = double.RadiansToDegrees(Math.Acos(Math.Clamp(dominant.Cosine(row, identityOf[row]), -1, 1)));
            if (angle > degrees) suspects.Add(new SuspectLabel(readable[row], angle));
        }

        var known = readable.Count > 0 && source.IsMislabelled(readable[0]) is not null;
        return new LabelSearch(suspects, readable.Count, known ? readable.Count(image => source.IsMislabelled(image) == true) : null,
            known ? suspects.Count(suspect => source.IsMislabelled(suspect.Image) == true) : null);
    }

    /// <summary>Proxies of length 1, K C x D.</summary>
    private static EmbeddingMatrix Directions(FaceLoss loss)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var rows = nn.functional.normalize(loss.proxies.detach().to(ScalarType.Float32), dim: 1).cpu().contiguous();
        return new EmbeddingMatrix(rows.data<float>().ToArray(), (int)rows.shape[1]);
    }
}

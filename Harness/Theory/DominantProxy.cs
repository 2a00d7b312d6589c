using Ablation.Harness.Embedding;
using Ablation.Harness.Protocols;

namespace Ablation.Harness.Theory;

/// <summary>
/// Of each identity with several proxies, the one that most of its images are nearest to; of equally many the first (Deng et al.,
/// Sub-center ArcFace, ECCV 2020, section 3.3).
/// </summary>
internal sealed class DominantProxy
{
    private readonly float[] cosines; // images x K, with the proxies of the image's own identity
    private readonly int identities, centers;
    private readonly int[] dominant; // by identity

    /// <param name="cosines">N x K: of each image with the K proxies of its own identity, as <see cref="Cosines"/> computes them.</param>
    /// <param name="identityOf">Of each image, 0 .. I-1.</param>
    public DominantProxy(float[] cosines, IReadOnlyList<int> identityOf, int identities, int centers)
    {
        (this.cosines, this.identities, this.centers) = (cosines, identities, centers);
        var votes = new int[identities, centers];
        for (var image = 0; image < identityOf.Count; image++) votes[identityOf[image], Nearest(image)]++;
        dominant = new int[identities];
        for (var identity = 0; identity < identities; identity++)
            for (var k = 1; k < centers; k++)
                if (votes[identity, k] > votes[identity, dominant[identity]]) dominant[identity] = k;
    }

    /// <summary>Computes the cosines of some images with the proxies of their own identities: N x K.</summary>
    /// <param name="unit">N x D, of length 1.</param>
    /// <param name="identityOf">Of each row, 0 .. I-1.</param>
    /// <param name="proxies">K I x D, of length 1, the first of every identity first.</param>
    public static float[] Cosines(EmbeddingMatrix unit, IReadOnlyList<int> identityOf, EmbeddingMatrix proxies, int centers)
    {
        var (cosines, identities) = (new float[unit.Rows * centers], proxies.Rows / centers);
        for (var row = 0; row < unit.Rows; row++)
            for (var k = 0; k < centers; k++)
                cosines[row * centers + k] = (float)WideSums.Dot(unit[row], proxies[k * identities + identityOf[row]]);
        return cosines;
    }

    /// <summary>The row of its proxies that an identity's dominant one is.</summary>
    public int RowOf(int identity) => dominant[identity] * identities + identity;

    /// <summary>The cosine of an image with the dominant proxy of its identity.</summary>
    public double Cosine(int image, int identity) => cosines[image * centers + dominant[identity]];

    private int Nearest(int image)
    {
        var own = cosines.AsSpan(image * centers, centers);
        var best = 0;
        for (var k = 1; k < centers; k++) if (own[k] > own[best]) best = k;
        return best;
    }
}

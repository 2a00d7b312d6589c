using Ablation.Harness.Embedding;
using Ablation.Harness.Protocols;

namespace Ablation.Harness.Theory;

/// <summary>
/// Of each identity with several proxies, the one that most of its images are nearest to; of equally many the first (Deng et al.,
/// Sub-center ArcFace, ECCV 2020, section 3.3).
/// </summary>
internal sealed class DominantProxy
{
    private readonly EmbeddingMatrix unit, proxies;
    private readonly int identities, centers;
    private readonly int[] dominant; // by identity

    /// <param name="unit">N x D, of length 1.</param>
    /// <param name="identityOf">Of each row, 0 .. I-1.</param>
    /// <param name="proxies">K I x D, of length 1, the first of every identity first.</param>
    public DominantProxy(EmbeddingMatrix unit, IReadOnlyList<int> identityOf, EmbeddingMatrix proxies, int centers)
    {
        (this.unit, this.proxies, this.centers, identities) = (unit, proxies, centers, proxies.Rows / centers);
        var votes = new int[identities, centers];
        for (var row = 0; row < unit.Rows; row++) votes[identityOf[row], Nearest(row, identityOf[row])]++;
        dominant = new int[identities];
        for (var identity = 0; identity < identities; identity++)
            for (var k = 1; k < centers; k++)
                if (votes[identity, k] > votes[identity, dominant[identity]]) dominant[identity] = k;
    }

    /// <summary>The row of its proxies that an identity's dominant one is.</summary>
    public int RowOf(int identity) => dominant[identity] * identities + identity;

    /// <summary>The cosine of an image with the dominant proxy of an identity.</summary>
    public double Cosine(int row, int identity) => WideSums.Dot(unit[row], proxies[RowOf(identity)]);

    private int Nearest(int row, int identity)
    {
        var best = 0;
        for (var k = 1; k < centers; k++) if (With(k) > With(best)) best = k;
        return best;

        double With(int k) => WideSums.Dot(unit[row], proxies[k * identities + identity]);
    }
}

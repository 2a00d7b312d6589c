using Ablation.Harness.Embedding;

namespace Ablation.Harness.Kernels.Search;

/// <summary>A score whose rank in the gallery is wanted: a mate's.</summary>
/// <param name="Position">An entry of the same score comes before it if its row is lower.</param>
public readonly record struct Reference(double Score, int Position);

/// <summary>What to find for one probe.</summary>
/// <param name="References">Scores; the entries before each are counted.</param>
/// <param name="Own">Gallery rows of the probe's own identity, ascending: never counted, nor non-mates.</param>
public sealed record ProbeQuery(IReadOnlyList<Reference> References, IReadOnlyList<int> Own)
{
    /// <summary>A probe of an identity that the gallery does not hold.</summary>
    public static readonly ProbeQuery NonMated = new([], []);

    /// <summary>Builds a query per probe: its mates are the enrolled rows of its identity, each a reference at its own row.</summary>
    /// <param name="probes">P x D, rows of length 1.</param>
    /// <param name="gallery">Rows of length 1; identities are those of its first rows.</param>
    public static IReadOnlyList<ProbeQuery> Build(EmbeddingMatrix probes, IReadOnlyList<int> probeIdentity, EmbeddingMatrix gallery,
        IReadOnlyList<int> galleryIdentity)
    {
        var rowsOf = Enumerable.Range(0, galleryIdentity.Count).ToLookup(row => galleryIdentity[row]);
        var queries = new ProbeQuery[probes.Rows];
        for (var probe = 0; probe < queries.Length; probe++)
        {
            int[] own = [.. rowsOf[probeIdentity[probe]]];
            queries[probe] = own.Length == 0 ? NonMated
                : new ProbeQuery([.. own.Select(row => new Reference(TileProduct.Exact(probes[probe], gallery[row]), row))], own);
        }

        return queries;
    }
}

/// <summary>What a search returns.</summary>
/// <param name="TopK">Best rows of each probe, mates and others.</param>
/// <param name="Highest">Highest scores of other identities over all probes.</param>
/// <param name="Threads">0: one per core. No result depends on it.</param>
public sealed record SearchOptions(int TopK = 0, int Highest = 0, int Threads = 0)
{
    /// <summary>Gallery rows multiplied at once; null for a number that fits the caches. No result depends on it.</summary>
    internal int? TileRows { get; init; }

    /// <summary>Whether to compute without this processor's kernel.</summary>
    internal bool Plain { get; init; }
}

/// <summary>What was found; a level is a prefix of the gallery.</summary>
/// <param name="Before">For every reference (probe after probe) and level, R x L: entries of other identities before it.</param>
/// <param name="BestOther">P x L: the best score of another identity; minus infinity if the level holds none.</param>
/// <param name="Highest">For each level, the highest scores of other identities over all probes, descending; as many as wanted, or
/// all.</param>
/// <param name="TopRows">P x k: best rows of the whole gallery, best first; -1 if there are fewer.</param>
/// <param name="TopScores">P x k: their scores; minus infinity if there are fewer.</param>
public sealed record SearchResult(int[] Before, double[] BestOther, IReadOnlyList<double[]> Highest, int[] TopRows, double[] TopScores);

using Ablation.Harness.Embedding;
using Ablation.Harness.Kernels.Search;
using Ablation.Harness.Metrics;

namespace Ablation.Harness.Protocols;

/// <summary>One search of 1:N: who of the gallery a probe shows. Rows have length 1.</summary>
/// <param name="Test">What tables call it: "IJB-C 1:N G1 (N1D1F2)".</param>
/// <param name="Gallery">G x D.</param>
/// <param name="GallerySubjects">Whom each row shows.</param>
/// <param name="Probes">P x D.</param>
/// <param name="ProbeSubjects">Whom each row shows; a probe whose subject is in no row of the gallery has no mate.</param>
public sealed record TemplateSearch(string Test, EmbeddingMatrix Gallery, int[] GallerySubjects, EmbeddingMatrix Probes,
    int[] ProbeSubjects)
{
    /// <summary>Rank-1, rank-5, rank-10, CMC, mAP and open-set figures come from these; intervals are drawn over subjects.</summary>
    public IdentificationScores Score(CancellationToken cancel)
    {
        var queries = ProbeQuery.Build(Probes, ProbeSubjects, Gallery, GallerySubjects);
        var found = GallerySearch.Run(Probes, queries, Gallery, [Gallery.Rows],
            new SearchOptions(Highest: queries.Count(query => query.References.Count > 0)), cancel);
        return SearchScores.Build(Test, MateRule.Any, queries, found, [], [1, 5, 10]) with
        {
            Person = ProbeSubjects,
            Gallery = [Gallery.Rows]
        };
    }

    /// <summary>Some rows of a matrix, in the order given.</summary>
    public static EmbeddingMatrix Rows(EmbeddingMatrix all, IReadOnlyList<int> rows)
    {
        var some = new EmbeddingMatrix(rows.Count, all.Dimension);
        for (var i = 0; i < rows.Count; i++) all[rows[i]].CopyTo(some[i]);
        return some;
    }
}

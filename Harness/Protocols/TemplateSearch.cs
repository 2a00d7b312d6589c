using Ablation.Harness.Embedding;
using Ablation.Harness.Kernels.Search;
using Ablation.Harness.Metrics;

namespace Ablation.Harness.Protocols;

/// <summary>One search of 1:N: probe templates in a gallery of templates. Rows have length 1.</summary>
/// <param name="Test">The name in tables: "IJB-C 1:N G1 (N1D1F2)".</param>
/// <param name="Gallery">G x D.</param>
/// <param name="GallerySubjects">The subject of each row.</param>
/// <param name="Probes">P x D.</param>
/// <param name="ProbeSubjects">The subject of each row; a probe whose subject is not in the gallery has no mate.</param>
public sealed record TemplateSearch(string Test, EmbeddingMatrix Gallery, int[] GallerySubjects, EmbeddingMatrix Probes,
    int[] ProbeSubjects)
{
    /// <summary>Computes the scores for rank-1, rank-5, rank-10, CMC, mAP and open-set figures; intervals are drawn over
    /// subjects.</summary>
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

    /// <summary>Copies some rows of a matrix, in the order given.</summary>
    public static EmbeddingMatrix Rows(EmbeddingMatrix all, IReadOnlyList<int> rows)
    {
        var some = new EmbeddingMatrix(rows.Count, all.Dimension);
        for (var i = 0; i < rows.Count; i++) all[rows[i]].CopyTo(some[i]);
        return some;
    }
}

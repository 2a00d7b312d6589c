using Ablation.Harness.Kernels.Search;
using Ablation.Harness.Metrics;

namespace Ablation.Harness.Protocols;

/// <summary>Turns the result of a search into scores.</summary>
internal static class SearchScores
{
    /// <param name="queries">One per probe; their references are the mates.</param>
    /// <param name="distractors">One number per level of the search, or empty.</param>
    public static IdentificationScores Build(string test, MateRule mates, IReadOnlyList<ProbeQuery> queries, SearchResult found,
        int[] distractors, int[] ranks) =>
        new(test, mates, [.. queries.Select(query => query.References.Count)],
            [.. queries.SelectMany(query => query.References).Select(mate => mate.Score)],
            found.Before, found.BestOther, found.Highest, distractors, ranks);
}

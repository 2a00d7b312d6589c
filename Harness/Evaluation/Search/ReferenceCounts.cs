namespace Ablation.Harness.Evaluation.Search;

/// <summary>How many entries stand before each of a probe's references: a histogram over the gaps between them.</summary>
internal sealed class ReferenceCounts
{
    private readonly Reference[] sorted; // as they stand: higher score first, then lower position
    private readonly int[] placeOf;      // where in the query's order
    private readonly int[] gaps;         // entries whose first reference behind them is this one; the last: behind all
    private readonly double bound;

    public ReferenceCounts(IReadOnlyList<Reference> references, double bound)
    {
        placeOf = [.. Enumerable.Range(0, references.Count).OrderByDescending(i => references[i].Score).ThenBy(i => references[i].Position)];
        sorted = [.. placeOf.Select(i => references[i])];
        gaps = new int[sorted.Length + 1];
        this.bound = bound;
    }

    /// <summary>Counts an entry by its float32 score if that settles its place.</summary>
    public bool TryCount(float score)
    {
        var gap = FirstBehind(score, int.MaxValue); // of a reference of this very score: the check below refuses it
        if (gap > 0 && sorted[gap - 1].Score - score <= bound) return false;
        if (gap < sorted.Length && score - sorted[gap].Score <= bound) return false;
        gaps[gap]++;
        return true;
    }

    public void Count(double score, int row) => gaps[FirstBehind(score, row)]++;

    /// <param name="above">Entries known to stand before all references.</param>
    /// <param name="before">Of the probe's references, each with all levels.</param>
    public void Write(int above, Span<int> before, int level, int levels)
    {
        for (var i = 0; i < sorted.Length; i++) before[placeOf[i] * levels + level] = above += gaps[i];
    }

    private int FirstBehind(double score, int row)
    {
        int from = 0, to = sorted.Length;
        while (from < to)
        {
            var middle = (from + to) / 2;
            var reference = sorted[middle];
            if (score > reference.Score || (score == reference.Score && row < reference.Position)) to = middle;
            else from = middle + 1;
        }

        return from;
    }
}

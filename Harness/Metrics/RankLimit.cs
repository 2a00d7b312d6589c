namespace Ablation.Harness.Metrics;

/// <summary>
/// The largest k for which rank-k is informative. With a k above the number of entries that could rank before the mate, every network finds
/// every mate. Such a rank has no value (n/a), and a CMC curve ends before it.
/// </summary>
public static class RankLimit
{
    /// <summary>Returns the largest rank of one level; 0 if there is none.</summary>
    public static int Largest(IdentificationScores scores, int level)
    {
        var fewest = scores.Mates == MateRule.EachAlone ? 1 : scores.MateCount.Where(count => count > 0).DefaultIfEmpty(1).Min();
        return Entries(scores, level) - fewest; // with one mate, any k below the number of entries
    }

    /// <summary>
    /// Returns the entries of the gallery that a probe is searched in, including its mates; a lower bound if the scores do not store the
    /// number.
    /// </summary>
    public static int Entries(IdentificationScores scores, int level)
    {
        if (scores.Gallery is { } stored) return stored[level];
        var distractors = scores.Distractors.Length == 0 ? 0 : scores.Distractors[level];
        if (scores.Mates == MateRule.EachAlone) return 1 + distractors;
        return Math.Max(distractors + Enrolled(scores), Seen(scores, level));
    }

    /// <summary>Counts the mates of all probes, each person's once.</summary>
    private static int Enrolled(IdentificationScores scores) => scores.Person is { } person
        ? Enumerable.Range(0, scores.Probes).GroupBy(probe => person[probe]).Sum(own => own.Max(probe => scores.MateCount[probe]))
        : scores.MateCount.DefaultIfEmpty(0).Max();

    /// <summary>Counts the entries whose existence the counts and scores of a probe prove.</summary>
    private static int Seen(IdentificationScores scores, int level)
    {
        var most = 0;
        for (int probe = 0, mate = 0; probe < scores.Probes; mate += scores.MateCount[probe++])
        {
            var others = double.IsNegativeInfinity(scores.BestOther[probe * scores.Levels + level]) ? 0 : 1;
            for (var i = 0; i < scores.MateCount[probe]; i++) others = Math.Max(others, scores.Before[(mate + i) * scores.Levels + level]);
            most = Math.Max(most, scores.MateCount[probe] + others);
        }

        return most;
    }
}

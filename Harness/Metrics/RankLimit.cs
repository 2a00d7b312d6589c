namespace Ablation.Harness.Metrics;

/// <summary>
/// The largest k for which rank-k is informative. A k that is not below the number of gallery entries finds every mate,
/// whatever the network; so does one that is above the number of
/// entries that could rank before the mate. Such a rank has no value (n/a), and a CMC curve ends before it.
/// </summary>
public static class RankLimit
{
    /// <summary>The largest rank of one level; 0 where there is none.</summary>
    public static int Largest(IdentificationScores scores, int level)
    {
        var fewest = scores.Mates == MateRule.EachAlone ? 1 : scores.MateCount.Where(count => count > 0).DefaultIfEmpty(1).Min();
        return Entries(scores, level) - fewest; // one mate: what is below the number of entries
    }

    /// <summary>
    /// Entries of the gallery that a probe is searched in, its mates among them; a lower bound where the scores do not store the
    /// number.
    /// </summary>
    public static int Entries(IdentificationScores scores, int level)
    {
        if (scores.Gallery is { } stored) return stored[level];
        var distractors = scores.Distractors.Length == 0 ? 0 : scores.Distractors[level];
        if (scores.Mates == MateRule.EachAlone) return 1 + distractors;
        return Math.Max(distractors + Enrolled(scores), Seen(scores, level));
    }

    /// <summary>Mates of the persons who are searched, each person's counted once.</summary>
    private static int Enrolled(IdentificationScores scores) => scores.Person is { } person
        ? Enumerable.Range(0, scores.Probes).GroupBy(probe => person[probe]).Sum(own => own.Max(probe => scores.MateCount[probe]))
        : scores.MateCount.DefaultIfEmpty(0).Max();

    /// <summary>Counts the entries that the counts and scores of a probe prove.</summary>
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

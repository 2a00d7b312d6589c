namespace Ablation.Harness.Metrics;

/// <summary>The trials of one level: probes with a mate, or each probe with each of its mates.</summary>
internal sealed class RankedTrials
{
    public RankedTrials(IdentificationScores scores, int level)
    {
        var (before, precision, best, person) = (new List<int>(), new List<double>(), new List<double>(), new List<int>());
        for (int probe = 0, mate = 0; probe < scores.Probes; mate += scores.MateCount[probe++])
        {
            var count = scores.MateCount[probe];
            if (count == 0) continue;
            var counts = new int[count];
            for (var i = 0; i < count; i++) counts[i] = scores.Before[(mate + i) * scores.Levels + level];
            if (scores.Mates == MateRule.EachAlone)
            {
                before.AddRange(counts);
                if (scores.Person is not null) person.AddRange(Enumerable.Repeat(scores.Person[probe], count));
                continue;
            }

            // no mate ranks before the best one, one before the second, and so on
            Array.Sort(counts);
            before.Add(counts[0]);
            precision.Add(counts.Select((others, place) => (place + 1.0) / (place + 1.0 + others)).Average());
            best.Add(scores.MateScore.AsSpan(mate, count).ToArray().Max());
            if (scores.Person is not null) person.Add(scores.Person[probe]);
        }

        (Before, AveragePrecision, BestMate, Person) = ([.. before], [.. precision], [.. best], scores.Person is null ? null : [.. person]);
    }

    /// <summary>Entries of other identities before the best mate; with <see cref="MateRule.EachAlone"/>, before the trial's mate.</summary>
    public int[] Before { get; }

    /// <summary>Mean over a probe's mates of the share of mates among the entries up to it; empty with
    /// <see cref="MateRule.EachAlone"/>.</summary>
    public double[] AveragePrecision { get; }

    /// <summary>The best mate's score; empty with <see cref="MateRule.EachAlone"/>.</summary>
    public double[] BestMate { get; }

    public int[]? Person { get; }
}

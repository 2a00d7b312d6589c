namespace Ablation.Harness.Statistics;

/// <summary>
/// The results of one loss over several tests of one scale, summarised without a verdict: the interquartile mean, which neither one easy
/// test nor one bad seed moves, and the share of results above any limit.
/// </summary>
/// <param name="Strata">Tests whose networks are the same ones (of one condition), by seed: the values of a seed on each test.</param>
/// <remarks>Agarwal et al., "Deep reinforcement learning at the edge of the statistical precipice", NeurIPS 2021. There the seeds of each
/// test are drawn by themselves; here tests share their networks, so a seed is drawn with all of its tests.</remarks>
public sealed record TestGrid(IReadOnlyList<IReadOnlyList<IReadOnlyList<double>>> Strata)
{
    private const double Trimmed = 0.25; // from either end

    /// <summary>Every result.</summary>
    public IReadOnlyList<double> Values => [.. Strata.SelectMany(stratum => stratum).SelectMany(seed => seed)];

    /// <summary>The mean of the middle half of the results.</summary>
    /// <exception cref="ArgumentException">There are no results.</exception>
    public double InterquartileMean() => Middle([.. Values]);

    /// <summary>The share of results above a limit: a point of the performance profile.</summary>
    public double ShareAbove(double limit) => Values.Count(value => value > limit) / (double)Values.Count;

    /// <summary>
    /// Returns the 2.5th and 97.5th percentile of the interquartile mean over draws of seeds within each stratum; null if a stratum has
    /// fewer than three seeds. With few seeds it is too narrow: three seeds have ten different draws.
    /// </summary>
    /// <param name="next">Returns a whole number below its argument; each call draws a seed.</param>
    public Bounds? Interval(int draws, Func<int, int> next)
    {
        if (Strata.Any(stratum => stratum.Count < Decision.FewestSeeds)) return null;
        // plain loops over arrays: a report over a thousand seeds and more makes a million draws
        double[][][] strata = [.. Strata.Select(stratum => stratum.Select(seed => seed.ToArray()).ToArray())];
        var (means, drawn) = (new double[draws], new List<double>());
        for (var draw = 0; draw < draws; draw++)
        {
            drawn.Clear();
            foreach (var stratum in strata)
            {
                for (var seed = 0; seed < stratum.Length; seed++) drawn.AddRange(stratum[next(stratum.Length)]);
            }

            means[draw] = Middle(drawn);
        }

        Array.Sort(means);
        return new Bounds(Quantile.Compute(means, Decision.Level / 2), Quantile.Compute(means, 1 - Decision.Level / 2));
    }

    private static double Middle(List<double> values)
    {
        if (values.Count == 0) throw new ArgumentException("no results to summarise; print n/a", nameof(values));
        values.Sort();
        var (cut, sum) = ((int)(Trimmed * values.Count), 0.0);
        for (var place = cut; place < values.Count - cut; place++) sum += values[place];
        return sum / (values.Count - 2 * cut);
    }
}

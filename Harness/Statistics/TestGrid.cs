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
    public double InterquartileMean()
    {
        double[] sorted = [.. Values.Order()];
        return Middle(sorted, [.. Enumerable.Repeat(1, sorted.Length)]);
    }

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
        // a report over a thousand seeds and more makes a million draws: plain loops over arrays, and one sort for all draws
        double[] sorted = [.. Values.Order()];
        int[][][] strata = [.. Strata.Select(stratum => stratum.Select(seed =>
            seed.Select(value => Array.BinarySearch(sorted, value)).ToArray()).ToArray())];
        var (means, times) = (new double[draws], new int[sorted.Length]); // times: how often each value was drawn
        for (var draw = 0; draw < draws; draw++)
        {
            Array.Clear(times);
            foreach (var stratum in strata)
            {
                for (var seed = 0; seed < stratum.Length; seed++)
                    foreach (var place in stratum[next(stratum.Length)]) times[place]++;
            }

            means[draw] = Middle(sorted, times);
        }

        Array.Sort(means);
        return new Bounds(Quantile.Compute(means, Decision.Level / 2), Quantile.Compute(means, 1 - Decision.Level / 2));
    }

    /// <param name="sorted">Rising.</param>
    /// <param name="times">How often each value counts.</param>
    private static double Middle(double[] sorted, int[] times)
    {
        var count = times.Sum();
        if (count == 0) throw new ArgumentException("no results to summarise; print n/a", nameof(sorted));
        var cut = (int)(Trimmed * count);
        var (below, left, sum) = (cut, count - 2 * cut, 0.0);
        for (var place = 0; left > 0; place++)
        {
            var here = times[place] - Math.Min(below, times[place]);
            below = Math.Max(0, below - times[place]);
            for (here = Math.Min(here, left), left -= here; here > 0; here--) sum += sorted[place];
        }

        return sum / (count - 2 * cut);
    }
}

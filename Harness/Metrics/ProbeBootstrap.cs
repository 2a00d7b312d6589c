using Ablation.Harness.Foundations;

namespace Ablation.Harness.Metrics;

/// <summary>
/// Computes 95 % intervals of a mean over probes by drawing identities with replacement, since probes of one identity are not independent.
/// </summary>
internal sealed class ProbeBootstrap
{
    private readonly int persons;
    private readonly int[] personOf;
    private readonly int[][] drawn; // for each draw, how often each identity
    private readonly int seed;

    /// <param name="person">The person of each trial.</param>
    /// <param name="draws">At least one.</param>
    public ProbeBootstrap(int[] person, int draws, int seed)
    {
        this.seed = seed;
        (persons, personOf) = PersonDraws.Numbered(person);
        drawn = [.. Enumerable.Range(0, draws)
            .Select(draw => PersonDraws.Times(persons, StreamPurpose.IdentificationBootstrap, draw, seed))];
    }

    /// <summary>Computes the interval of the mean of one value per trial; null for a single identity.</summary>
    public Interval? Interval(double[] values) =>
        Means(values) is { } means ? PersonDraws.Interval(means, $"identity bootstrap, {means.Length} draws, seed {seed}") : null;

    /// <summary>Computes the mean in each draw; null for a single identity.</summary>
    public double[]? Means(double[] values)
    {
        if (persons < 2) return null;
        var (sums, counts) = (new double[persons], new int[persons]);
        for (var i = 0; i < values.Length; i++)
            (sums[personOf[i]], counts[personOf[i]]) = (sums[personOf[i]] + values[i], counts[personOf[i]] + 1);
        return Array.ConvertAll(drawn, times =>
        {
            double sum = 0, count = 0;
            for (var person = 0; person < persons; person++)
                (sum, count) = (sum + times[person] * sums[person], count + times[person] * counts[person]);
            return sum / count;
        });
    }
}

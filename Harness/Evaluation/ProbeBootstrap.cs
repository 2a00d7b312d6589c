using Ablation.Harness.Data;

namespace Ablation.Harness.Evaluation;

/// <summary>95 % intervals of a mean over probes by drawing identities with replacement, since probes of one identity succeed and fail together.</summary>
internal sealed class ProbeBootstrap
{
    private readonly int[] clusterOf;
    private readonly int[][] drawn; // for each draw, how often each identity
    private readonly int seed;

    /// <param name="person">Who each trial is of.</param>
    public ProbeBootstrap(int[] person, int draws, int seed)
    {
        this.seed = seed;
        var numbers = new Dictionary<int, int>();
        clusterOf = Array.ConvertAll(person, one => numbers.TryGetValue(one, out var number) ? number : numbers[one] = numbers.Count);
        drawn = new int[draws][];
        for (var draw = 0; draw < draws; draw++)
        {
            var stream = new RandomStream(seed, StreamPurpose.IdentificationBootstrap, draw);
            drawn[draw] = new int[numbers.Count];
            for (var i = 0; i < numbers.Count; i++) drawn[draw][stream.NextBelow(numbers.Count)]++;
        }
    }

    /// <summary>Of the mean of one value a trial. Null for one identity alone.</summary>
    public Interval? Of(double[] values)
    {
        var clusters = drawn[0].Length;
        if (clusters < 2) return null;
        var (sums, counts) = (new double[clusters], new int[clusters]);
        for (var i = 0; i < values.Length; i++) (sums[clusterOf[i]], counts[clusterOf[i]]) = (sums[clusterOf[i]] + values[i], counts[clusterOf[i]] + 1);
        var means = Array.ConvertAll(drawn, times =>
        {
            double sum = 0, count = 0;
            for (var cluster = 0; cluster < clusters; cluster++) (sum, count) = (sum + times[cluster] * sums[cluster], count + times[cluster] * counts[cluster]);
            return sum / count;
        });
        Array.Sort(means);
        return new Interval(means[(int)(0.025 * means.Length)], means[Math.Min(means.Length - 1, (int)(0.975 * means.Length))],
            FormattableString.Invariant($"identity bootstrap, {means.Length} draws, seed {seed}"));
    }
}

using Ablation.Harness.Foundations;
using Ablation.Harness.Statistics;

namespace Ablation.Harness.Metrics;

/// <summary>
/// Draws persons with replacement, for intervals. Persons are drawn instead of scores, because scores that share a person are not
/// independent.
/// </summary>
internal static class PersonDraws
{
    /// <summary>Counts how often each person is drawn; depends only on seed and draw.</summary>
    public static int[] Times(int persons, StreamPurpose purpose, int draw, int seed)
    {
        var stream = new RandomStream(seed, purpose, draw);
        var times = new int[persons];
        for (var i = 0; i < persons; i++) times[stream.NextBelow(persons)]++;
        return times;
    }

    /// <summary>Renumbers persons from 0 in order of appearance: the numbers given may have gaps.</summary>
    public static (int Persons, int[] Numbers) Numbered(IReadOnlyList<int> persons)
    {
        var (numbers, found) = (new int[persons.Count], new Dictionary<int, int>());
        for (var i = 0; i < numbers.Length; i++)
        {
            if (!found.TryGetValue(persons[i], out numbers[i])) found.Add(persons[i], numbers[i] = found.Count);
        }

        return (found.Count, numbers);
    }

    /// <summary>Returns the interval from the 2.5th to the 97.5th percentile, interpolated linearly.</summary>
    /// <param name="values">Of the draws, at least one; sorted in place.</param>
    public static Interval Interval(double[] values, string kind)
    {
        Array.Sort(values);
        return new Interval(Quantile.Compute(values, 0.025), Quantile.Compute(values, 0.975), kind);
    }
}

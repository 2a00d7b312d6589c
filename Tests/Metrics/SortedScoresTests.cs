using Ablation.Harness.Metrics;

namespace Ablation.Tests.Metrics;

/// <summary>Keys of distance and truth rise with the distance, over the whole valid range.</summary>
public sealed class SortedScoresTests
{
    [Test]
    public void Keys_order_the_distances_with_their_truths([Values(1, 17, 5000)] int count, [Values(3, 1 << 24)] int distinct)
    {
        var random = new Random(count + distinct);
        float[] distances = [.. Enumerable.Range(0, count)
            .Select(i => i % 50 == 7 ? -0.001f * random.Next(distinct) / distinct : 4.0009f * random.Next(distinct) / distinct)];
        bool[] same = [.. Enumerable.Range(0, count).Select(_ => random.Next(2) == 0)];
        var keys = SortedScores.Sort(new PairScores("test", distances, same, new int[count], 1));
        var expected = Enumerable.Range(0, count).OrderBy(i => distances[i]).ThenBy(i => same[i]).ToArray();
        for (int from = 0, to; from < count; from = to)
        {
            for (to = from + 1; to < count && distances[expected[to]] == distances[expected[from]];) to++;
            var tied = keys[from..to];
            Assert.That(tied.Select(SortedScores.DistanceOf).Distinct().Count(), Is.EqualTo(1));
            Assert.That(tied.Count(SortedScores.IsSame), Is.EqualTo(expected[from..to].Count(i => same[i])));
            if (from > 0) Assert.That(SortedScores.DistanceOf(keys[from]), Is.GreaterThan(SortedScores.DistanceOf(keys[from - 1])));
        }
    }

    [Test]
    public void Adjacent_values_at_zero_and_at_the_ends_stay_distinct()
    {
        float[] rising = [-0.001f, -1e-9f, -float.Epsilon, 0, float.Epsilon, 1e-9f, 2, MathF.BitIncrement(2), 4, 4.001f];
        var keys = SortedScores.Sort(new PairScores("test", [.. rising.Reverse(), -0f], new bool[rising.Length + 1],
            new int[rising.Length + 1], 1));
        Assert.That(keys.Distinct().Count(), Is.EqualTo(rising.Length), "zero of either sign is one distance");
        Assert.That(keys, Is.Ordered);
    }
}

using Ablation.Harness.Metrics;

namespace Ablation.Tests.Metrics;

/// <summary>The rank of a pair is the number of distinct distances below its own.</summary>
public sealed class DistinctScoresTests
{
    [Test]
    public void Ranks_count_the_distinct_distances_below([Values(0, 1, 2, 17, 5000)] int count, [Values(4, 100, 1 << 24)] int distinct)
    {
        var random = new Random(count + distinct);
        float[] distances = [.. Enumerable.Range(0, count).Select(_ => 4f * random.Next(distinct) / distinct)];
        var rising = distances.Distinct().Order().ToList();
        var scores = new DistinctScores(distances);
        Assert.That(scores.Rank, Is.EqualTo(distances.Select(distance => rising.BinarySearch(distance))));
        Assert.That(scores.Count, Is.EqualTo(rising.Count));
    }

    [Test]
    public void Zero_of_either_sign_is_one_distance() =>
        Assert.That(new DistinctScores([1, 0f, -0f, float.Epsilon, 0f, -0.001f]).Rank, Is.EqualTo(new[] { 3, 1, 1, 2, 1, 0 }));
}

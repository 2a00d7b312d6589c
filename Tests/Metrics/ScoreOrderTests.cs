using Ablation.Harness.Metrics;

namespace Ablation.Tests.Metrics;

/// <summary>Sorting by bits equals a stable sort by value.</summary>
public sealed class ScoreOrderTests
{
    [Test]
    public void The_order_is_that_of_a_stable_sort([Values(0, 1, 2, 17, 5000)] int count, [Values(4, 100, 1 << 24)] int distinct)
    {
        var random = new Random(count + distinct);
        float[] distances = [.. Enumerable.Range(0, count).Select(_ => 4f * random.Next(distinct) / distinct)];
        Assert.That(ScoreOrder.Sort(distances), Is.EqualTo(Enumerable.Range(0, count).OrderBy(i => distances[i])));
    }

    [Test]
    public void Zero_of_either_sign_is_one_distance() =>
        Assert.That(ScoreOrder.Sort([1, 0f, -0f, float.Epsilon, 0f]), Is.EqualTo(new[] { 1, 2, 4, 3, 0 }));

    [Test]
    public void Values_outside_the_range_of_distances_are_sorted_too() =>
        Assert.That(ScoreOrder.Sort([1, -2, float.NaN, 3, -4]), Is.EqualTo(new[] { 2, 4, 1, 0, 3 }));
}

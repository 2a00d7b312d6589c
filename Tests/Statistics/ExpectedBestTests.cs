using Ablation.Harness.Foundations;
using Ablation.Harness.Statistics;

namespace Ablation.Tests.Statistics;

/// <summary>The expected best of n configurations, against every subset of them.</summary>
[Parallelizable]
public sealed class ExpectedBestTests
{
    private static readonly double[] Values = [0.81, 0.5, 0.9, 0.84, 0.84, 0.62, 0.7];

    [Test]
    public void It_is_the_mean_of_the_best_over_all_subsets()
    {
        var expected = ExpectedBest.Of(Values);
        Assert.That(expected, Has.Length.EqualTo(Values.Length));
        for (var n = 1; n <= Values.Length; n++)
        {
            var best = Enumerable.Range(1, (1 << Values.Length) - 1).Where(set => int.PopCount(set) == n)
                .Select(set => Values.Where((_, i) => (set >> i & 1) == 1).Max());
            Assert.That(expected[n - 1], Is.EqualTo(best.Average()).Within(1e-12), $"n = {n}");
        }

        Assert.That(expected[0], Is.EqualTo(Values.Average()).Within(1e-12));
        Assert.That(expected[^1], Is.EqualTo(0.9));
    }

    [Test]
    public void A_single_value_is_its_own_best() => Assert.That(ExpectedBest.Of([0.7]), Is.EqualTo(new[] { 0.7 }));

    [Test]
    public void Intervals_end_at_half_of_the_configurations_and_hold_the_estimate()
    {
        var bounds = Intervals(Values);
        Assert.That(bounds.Select(one => one is not null), Is.EqualTo(new[] { true, true, true, false, false, false, false }));
        foreach (var (one, expected) in bounds.Take(3).Zip(ExpectedBest.Of(Values)))
        {
            Assert.That(one!.Value.Low, Is.LessThan(expected).And.GreaterThan(0.5));
            Assert.That(one.Value.High, Is.GreaterThan(expected).And.LessThanOrEqualTo(0.9));
        }

        Assert.That(Intervals(Values), Is.EqualTo(bounds), "the draws are those of a seed");
    }

    /// <summary>Samples of 20 of a uniform distribution, whose best of n is n / (n + 1) on average.</summary>
    [Test]
    public void Intervals_of_a_known_distribution_hold_its_value_in_most_searches()
    {
        var random = new Random(3);
        var held = new int[5];
        const int searches = 60;
        for (var search = 0; search < searches; search++)
        {
            var bounds = Intervals([.. Enumerable.Range(0, 20).Select(_ => random.NextDouble())]);
            for (var n = 1; n <= 5; n++)
                held[n - 1] += bounds[n - 1]!.Value.Low <= n / (n + 1.0) && n / (n + 1.0) <= bounds[n - 1]!.Value.High ? 1 : 0;
        }

        Assert.That(held.Select(count => (double)count / searches), Is.All.InRange(0.82, 1.0), "95 % intervals of percentiles");
    }

    private static IReadOnlyList<(double Low, double High)?> Intervals(IReadOnlyList<double> values) =>
        ExpectedBest.Intervals(values, new RandomStream(0, StreamPurpose.TuningBootstrap).NextBelow);
}
